// <hms-list>: J and K (and the arrows) move through the [data-item] links inside; Enter opens as it does anyway.
// The down arrow leads from a search field to the first of what it found.

const STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

class HmsList extends HTMLElement {
  connectedCallback() {
    this.listener = (event) => this.move(event);
    document.addEventListener("keydown", this.listener);
    this.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.listener);
  }

  move(event) {
    const step = STEPS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    const is_typing = event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, dialog");
    const is_outside = event.key.startsWith("Arrow") && !this.contains(event.target);
    const is_from_search = event.key === "ArrowDown" && event.target.matches?.("input[type=search]");
    if (!step || ((is_typing || is_outside) && !is_from_search) || event.ctrlKey || event.altKey || event.metaKey) return;
    const items = [...this.querySelectorAll("[data-item]")];
    const here = items.findIndex((item) => item === document.activeElement);
    const start = here >= 0 ? here : items.findIndex((item) => item.ariaCurrent);
    const next = items[Math.min(Math.max(start + step, 0), items.length - 1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
    if (this.hasAttribute("opens")) next.click();
  }
}

customElements.define("hms-list", HmsList);
