// <hms-online>: the lamp that says at once when the network is lost, and when it is back.
// Anything may ask it to look: document.dispatchEvent(new CustomEvent("hms:lost")). It answers with "hms:online".

const EVERY = 10_000;
const WHEN_LOST = 2_000;

class HmsOnline extends HTMLElement {
  connectedCallback() {
    this.lose = () => this.set(false);
    this.ask = () => this.look();
    window.addEventListener("offline", this.lose);
    window.addEventListener("online", this.ask);
    document.addEventListener("hms:lost", this.lose);
    this.set(navigator.onLine);
  }

  disconnectedCallback() {
    clearTimeout(this.next);
    window.removeEventListener("offline", this.lose);
    window.removeEventListener("online", this.ask);
    document.removeEventListener("hms:lost", this.lose);
  }

  set(is_online) {
    const was_lost = this.dataset.state === "lost";
    this.dataset.state = is_online ? "online" : "lost";
    this.textContent = is_online ? "Online" : "No network: what you typed is kept";
    this.role = is_online ? "status" : "alert";
    if (is_online && was_lost) document.dispatchEvent(new CustomEvent("hms:online"));
    clearTimeout(this.next);
    this.next = setTimeout(this.ask, is_online ? EVERY : WHEN_LOST);
  }

  async look() {
    try {
      const answer = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(5_000) });
      if (this.isConnected) this.set(answer.ok);
    } catch {
      if (this.isConnected) this.set(false);
    }
  }
}

customElements.define("hms-online", HmsOnline);
