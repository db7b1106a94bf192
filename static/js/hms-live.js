// <hms-live>: a polite live region. Anything may ask it to speak: document.dispatchEvent(new CustomEvent("hms:say", { detail: "…" })).
// It also moves the focus to the error summary of a page that came back with errors.

class HmsLive extends HTMLElement {
  connectedCallback() {
    this.listener = (event) => this.say(event.detail);
    document.addEventListener("hms:say", this.listener);
    document.querySelector("[data-focus]")?.focus();
  }

  disconnectedCallback() {
    document.removeEventListener("hms:say", this.listener);
  }

  say(sentence) {
    const spoken = this.querySelector(".hidden") ?? this.appendChild(document.createElement("span"));
    spoken.className = "hidden";
    spoken.textContent = sentence;
  }
}

customElements.define("hms-live", HmsLive);
