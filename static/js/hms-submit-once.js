// <hms-submit-once>: the form inside is sent once; a second Enter or click does nothing until the page comes back.

class HmsSubmitOnce extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => this.guard(event));
    this.releaser = () => this.release();
    window.addEventListener("pageshow", this.releaser);
    this.addEventListener("htmx:afterRequest", () => this.release());
  }

  disconnectedCallback() {
    window.removeEventListener("pageshow", this.releaser);
  }

  guard(event) {
    if (this.dataset.state === "sent") {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    this.dataset.state = "sent";
    event.submitter?.setAttribute("aria-busy", "true");
  }

  release() {
    delete this.dataset.state;
    for (const button of this.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  }
}

customElements.define("hms-submit-once", HmsSubmitOnce);
