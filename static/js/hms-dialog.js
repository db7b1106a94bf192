// <hms-dialog>: a link with data-dialog="id" opens the <dialog> inside instead of its page. Without this file the link's page serves.

class HmsDialog extends HTMLElement {
  connectedCallback() {
    this.listener = (event) => {
      const link = event.target.closest?.("[data-dialog]");
      const dialog = this.querySelector("dialog");
      if (!link || !dialog || link.dataset.dialog !== dialog.id || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      dialog.showModal();
    };
    document.addEventListener("click", this.listener);
  }

  disconnectedCallback() {
    document.removeEventListener("click", this.listener);
  }
}

customElements.define("hms-dialog", HmsDialog);
