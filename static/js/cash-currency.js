// What the cash at the register is in: the day's rate, what notes are worth, and how many pay the rest.
// Figures are whole minor units, never fractions; the server reckons everything again.

const TEN_TO_14 = 10n ** 14n;

export class CashCurrency {
  constructor(select, said) {
    this.select = select;
    this.output = said;
  }

  get option() {
    return this.select?.selectedOptions[0];
  }

  // Minor units of our own currency for one of the notes', times ten to the fourteenth; zero for our own.
  get rate() {
    const [whole, fraction = ""] = (this.option?.dataset.rate ?? "").split(".");
    return whole ? BigInt(whole + fraction.padEnd(14, "0")) : 0n;
  }

  get is_foreign() {
    return this.rate > 0n;
  }

  get places() {
    const style = { style: "currency", currency: this.option.value };
    return new Intl.NumberFormat("en-US", style).resolvedOptions().maximumFractionDigits;
  }

  worth(minor) {
    return (minor * this.rate * 2n + TEN_TO_14) / (2n * TEN_TO_14);
  }

  // The fewest whole pieces that pay what is left.
  notes_for(left) {
    const piece = BigInt(this.option.dataset.smallest);
    let notes = left * TEN_TO_14 / (this.rate * piece) * piece;
    while (this.worth(notes) < left) notes += piece;
    return notes;
  }

  // The next currency that has a rate; the own one follows the last.
  next() {
    const usable = [...this.select.options].filter((option) => !option.disabled);
    usable[(usable.indexOf(this.option) + 1) % usable.length].selected = true;
  }

  reset() {
    if (this.select) this.select.selectedIndex = 0;
  }

  show(text) {
    if (this.output) this.output.value = this.is_foreign ? `${this.option.dataset.said}: ${text}` : "";
  }
}
