// <hms-timer>: minutes and seconds since the page was opened. Only a help for the eye; nothing is booked from it.

class HmsTimer extends HTMLElement {
  connectedCallback() {
    this.since = performance.now();
    this.ticking = setInterval(() => this.show(), 1000);
    this.show();
  }

  disconnectedCallback() {
    clearInterval(this.ticking);
  }

  show() {
    const seconds = Math.floor((performance.now() - this.since) / 1000);
    this.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }
}

customElements.define("hms-timer", HmsTimer);
