// <hms-picks data-form="assigning">: what is ticked inside stays ticked on the next page, until the form is sent.

class HmsPicks extends HTMLElement {
  connectedCallback() {
    this.key = `picks:${this.dataset.form}`;
    const kept = new Set(JSON.parse(sessionStorage.getItem(this.key) ?? "[]"));
    for (const box of this.boxes()) box.checked = kept.has(box.value);
    this.addEventListener("change", (event) => event.target.matches("[type=checkbox]") && this.keep(event.target, kept));
    document.getElementById(this.dataset.form)?.addEventListener("submit", () => sessionStorage.removeItem(this.key));
  }

  boxes() {
    return this.querySelectorAll("input[type=checkbox]");
  }

  keep(box, kept) {
    if (box.checked) kept.add(box.value);
    else kept.delete(box.value);
    sessionStorage.setItem(this.key, JSON.stringify([...kept]));
  }
}

customElements.define("hms-picks", HmsPicks);
