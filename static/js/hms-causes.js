// <hms-causes>: of the causes inside, grouped by the ending they belong to, those of the chosen ending are offered.
// Endings are radios named "action"; a group says its own in data-ending, the first option what to do in its data-….

class HmsCauses extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector("select:has(optgroup)");
    if (!this.list) return;
    this.groups = [...this.list.querySelectorAll("optgroup")];
    this.addEventListener("change", (event) => event.target.name === "action" && this.fit());
    // A page that comes back from the browser's memory has the ending that was chosen there.
    this.fitter = () => this.fit();
    window.addEventListener("pageshow", this.fitter);
    this.fit();
  }

  disconnectedCallback() {
    window.removeEventListener("pageshow", this.fitter);
  }

  fit() {
    const ending = this.querySelector("[name=action]:checked")?.value;
    const [first] = this.list.options;
    const chosen = this.list.value;
    this.list.replaceChildren(first, ...this.groups.filter((group) => group.dataset.ending === ending));
    // Nothing is chosen for anybody: what was chosen stays where it fits.
    this.list.value = [...this.list.options].some((option) => option.value === chosen) ? chosen : "";
    first.textContent = ending ? (first.dataset[ending.toLowerCase()] ?? "Choose") : first.dataset.none;
  }
}

customElements.define("hms-causes", HmsCauses);
