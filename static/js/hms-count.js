// <hms-count>: live totals of a denomination grid. Each input has data-minor, the worth of one piece in minor units;
// Enter and the arrows lead from line to line that is shown, after the last one to whoever confirms or the button that sends the count.
// <output data-line="name of the input"> shows its line, <output data-total> the sum, in whole minor units, never fractions.

class HmsCount extends HTMLElement {
  connectedCallback() {
    // It kept Enter from sending a half-typed count while nothing led Enter on.
    this.querySelector("button[data-early]")?.remove();
    this.addEventListener("input", () => this.count());
    this.addEventListener("keydown", (event) => this.lead(event));
    this.count();
    // A count that was refused goes on at the line that is wrong.
    const wrong = this.querySelector("[aria-invalid]");
    if (wrong) lead_to(wrong);
  }

  lead(event) {
    const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !event.target.matches("input[data-minor]")) return;
    event.preventDefault();
    const form = event.target.form;
    const lines = [...form.querySelectorAll("hms-count input[data-minor]")].filter((line) => line.checkVisibility());
    const next = lines[lines.indexOf(event.target) + step];
    if (next) next.select();
    else if (event.key === "Enter") after(form).focus();
  }

  count() {
    const unit = this.querySelector("[data-total]")?.dataset ?? {};
    let total = 0n;
    let is_sure = true;
    for (const input of this.querySelectorAll("input[data-minor]")) {
      const text = input.value.trim();
      const is_whole = /^\d{0,9}$/u.test(text);
      const worth = is_whole ? BigInt(text || "0") * BigInt(input.dataset.minor) : 0n;
      is_sure &&= is_whole;
      input.toggleAttribute("aria-invalid", !is_whole);
      if (!is_whole) input.setAttribute("aria-invalid", "true");
      total += worth;
      const line = this.querySelector(`[data-line="${CSS.escape(input.name)}"]`);
      if (line) line.value = is_whole ? in_words(worth, unit) : "whole numbers only";
    }
    for (const output of this.querySelectorAll("[data-total]")) {
      output.value = is_sure ? in_words(total, unit) : "not a count yet";
    }
  }
}

function lead_to(input) {
  document.querySelector("[data-focus]")?.removeAttribute("data-focus");
  input.setAttribute("data-focus", "");
  input.select();
}

function after(form) {
  return form.querySelector("input[name=second_badge]") ?? form.querySelector("button:not([type=button])");
}

function in_words(minor, { currency = "USD", digits = "2" }) {
  const places = Number(digits);
  const figures = minor.toString().padStart(places + 1, "0");
  const decimal = places ? `${figures.slice(0, -places)}.${figures.slice(-places)}` : figures;
  const style = { style: "currency", currency, minimumFractionDigits: places, maximumFractionDigits: places };
  return new Intl.NumberFormat("en-US", style).format(decimal);
}

customElements.define("hms-count", HmsCount);
