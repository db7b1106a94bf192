// <hms-till>: the payment form of the register. A tender key fills in the rest and waits; Enter takes the payment.
// Figures are whole minor units, never fractions; the server reckons everything again.

class HmsTill extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.style_of = { style: "currency", currency: this.dataset.currency ?? "USD" };
    this.places = new Intl.NumberFormat("en-US", this.style_of).resolvedOptions().maximumFractionDigits;
    this.addEventListener("input", () => this.show());
    this.addEventListener("click", (event) => this.press(event));
    this.form.addEventListener("submit", (event) => this.submit(event));
    window.addEventListener("pageshow", () => this.form.removeAttribute("data-sent"));
    this.querySelector("[data-quick]")?.removeAttribute("hidden");
    this.show();
  }

  minor(text) {
    const [whole, fraction = ""] = text.trim().replace(/[$,]/gu, "").split(".");
    if (!/^\d{0,13}$/u.test(whole) || !/^\d*$/u.test(fraction) || fraction.length > this.places) return 0n;
    return BigInt((whole || "0") + fraction.padEnd(this.places, "0"));
  }

  typed(minor) {
    const figures = minor.toString().padStart(this.places + 1, "0");
    return this.places ? `${figures.slice(0, -this.places)}.${figures.slice(-this.places)}` : figures;
  }

  in_words(minor) {
    return new Intl.NumberFormat("en-US", this.style_of).format(this.typed(minor));
  }

  get due() {
    let due = this.minor(this.form.elements.prepayment.value);
    for (const box of this.querySelectorAll("input[name=invoice]:checked")) {
      due += this.minor(this.form.elements[`amount-${box.value}`].value);
    }
    return due;
  }

  tendered(except = "") {
    return ["cash", "card", "cheque"].filter((name) => name !== except)
      .reduce((sum, name) => sum + this.minor(this.form.elements[name].value), 0n);
  }

  show() {
    const left = this.due - this.tendered();
    for (const output of this.querySelectorAll("[data-sum]")) output.textContent = this.in_words(this.due);
    this.querySelector("[data-change-label]").textContent = left > 0n ? "Still to pay" : "Change";
    this.querySelector("[data-change]").value = this.in_words(left < 0n ? -left : left);
  }

  press(event) {
    const tender = event.target.closest("[data-tender]");
    const quick = event.target.closest("[data-cash]");
    if (!tender && !quick) return;
    event.preventDefault();
    const name = tender ? tender.dataset.tender : "cash";
    const input = this.form.elements[name];
    const rest = this.due - this.tendered(name);
    if (quick && quick.dataset.cash !== "exact") input.value = quick.dataset.cash;
    else if (quick || !input.value) input.value = this.typed(rest > 0n ? rest : 0n);
    this.show();
    input.focus();
    input.select();
    if (name === "cheque") this.form.elements.cheque_number.focus();
  }

  submit(event) {
    if (this.form.hasAttribute("data-sent")) return event.preventDefault();
    if (this.tendered() === 0n) {
      event.preventDefault();
      return this.querySelector("[data-tender=cash]").click();
    }
    this.form.setAttribute("data-sent", "");
    if (this.minor(this.form.elements.card.value)) {
      this.querySelector("[data-terminal]").textContent = "Follow the card terminal…";
    }
  }
}

customElements.define("hms-till", HmsTill);
