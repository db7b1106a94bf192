// <hms-stay hidden>: what forms and list items around it lead to takes the page's place without a page load.
// The address and the back key follow, and any answer is shown. What stands inside appears when none came.

import { show_page } from "./show-page.js";

class HmsStay extends HTMLElement {
  connectedCallback() {
    this.parentElement.addEventListener("submit", (event) => this.send(event));
    this.parentElement.addEventListener("click", (event) => this.open(event));
  }

  send(event) {
    const form = event.target;
    // Not form.action: a field may have that name.
    if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
    event.preventDefault();
    this.ask(form.getAttribute("action"), { method: "POST", body: new FormData(form, event.submitter) }, { form });
  }

  open(event) {
    const item = event.target.closest("a[data-item]");
    if (!item || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.ask(item.href, {}, { pushes: true });
  }

  // The item asked for last is shown; what a form sent is awaited, and nothing else is asked meanwhile.
  async ask(address, asked, { form, pushes } = {}) {
    if (this.sent) return;
    this.sent = form;
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    try {
      const answer = await fetch(address, { ...asked, signal: asking.signal });
      show_page(answer, await answer.text(), { pushes });
    } catch {
      if (asking.signal.aborted) return;
      this.sent = undefined;
      form?.closest("hms-submit-once")?.release();
      this.hidden = false;
      this.role = "alert";
    }
  }
}

customElements.define("hms-stay", HmsStay);
