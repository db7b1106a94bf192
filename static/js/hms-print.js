// <hms-print>: opens the browser's print dialogue once, when the page is ready. A reload does not print again.

class HmsPrint extends HTMLElement {
  connectedCallback() {
    const address = new URL(window.location.href);
    address.searchParams.delete("print");
    window.history.replaceState(window.history.state, "", address);
    if (document.readyState === "complete") window.print();
    else window.addEventListener("load", () => window.print(), { once: true });
  }
}

customElements.define("hms-print", HmsPrint);
