// <hms-till>: the payment form of the register. A tender key fills in the rest and waits; Enter takes the payment.
// Figures are whole minor units, never fractions; the server reckons everything again.

import { CashCurrency } from "./cash-currency.js";
import { send_once } from "./send-once.js";

const DETAILS = { cheque: "cheque_number", transfer: "transfer_reference" };

class HmsTill extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.style_of = { style: "currency", currency: this.dataset.currency ?? "USD" };
    this.places = new Intl.NumberFormat("en-US", this.style_of).resolvedOptions().maximumFractionDigits;
    this.notes = new CashCurrency(this.querySelector("[data-cash-currency]"), this.querySelector("[data-cash-said]"));
    this.addEventListener("input", () => this.show());
    this.addEventListener("click", (event) => this.press(event));
    this.addEventListener("keydown", (event) => this.key(event));
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.querySelector("[data-quick]")?.removeAttribute("hidden");
    this.show();
  }

  minor(text, places = this.places) {
    const [whole, fraction = ""] = text.trim().replace(/[$,]/gu, "").split(".");
    if (!/^\d{0,13}$/u.test(whole) || !/^\d*$/u.test(fraction) || fraction.length > places) return 0n;
    return BigInt((whole || "0") + fraction.padEnd(places, "0"));
  }

  typed(minor, places = this.places) {
    const figures = minor.toString().padStart(places + 1, "0");
    return places ? `${figures.slice(0, -places)}.${figures.slice(-places)}` : figures;
  }

  // What the typed cash is worth in our own currency.
  get cash() {
    const typed = this.form.elements.cash.value;
    return this.notes.is_foreign ? this.notes.worth(this.minor(typed, this.notes.places)) : this.minor(typed);
  }

  in_words(minor) {
    return new Intl.NumberFormat("en-US", this.style_of).format(this.typed(minor));
  }

  get amounts() {
    return [...this.form.querySelectorAll("[data-amount]")];
  }

  get due() {
    let due = this.minor(this.form.elements.prepayment.value);
    for (const box of this.querySelectorAll("input[name=invoice]:checked")) {
      due += this.minor(this.form.elements[`amount-${box.value}`].value);
    }
    return due;
  }

  tendered(except = "") {
    return this.amounts.filter((input) => input.name !== except)
      .reduce((sum, input) => sum + (input.name === "cash" ? this.cash : this.minor(input.value)),
        this.minor(this.form.dataset.splitOff));
  }

  // The nearest multiple of the smallest coin, the lower one when halfway.
  to_coins(minor) {
    const coin = BigInt(this.dataset.coin || 1), down = minor - ((minor % coin) + coin) % coin;
    return (minor - down) * 2n > coin ? down + coin : down;
  }

  show() {
    const in_cash = this.due - this.tendered("cash"), cash = this.cash;
    let left = cash > 0n && in_cash > 0n ? (this.to_coins(in_cash) || in_cash) - cash : in_cash - cash;
    if (this.notes.is_foreign && cash > 0n) left = this.to_coins(in_cash - cash);
    this.notes.show(this.in_words(cash));
    for (const output of this.querySelectorAll("[data-sum]")) output.textContent = this.in_words(this.due);
    this.querySelector("[data-change-label]").textContent = left > 0n ? "Still to pay" : "Change";
    this.querySelector("[data-change]").value = this.in_words(left < 0n ? -left : left);
  }

  press(event) {
    const tender = event.target.closest("[data-tender]");
    const quick = event.target.closest("[data-cash]");
    if (event.target.closest("[data-all]")) return this.choose_all();
    if (!tender && !quick) return;
    event.preventDefault();
    const name = tender ? tender.dataset.tender : "cash";
    const input = this.form.elements[name];
    if (tender && name === "cash" && input === document.activeElement && this.notes.select) {
      this.notes.next();
      input.value = "";
    }
    if (quick && quick.dataset.cash !== "exact") input.value = quick.dataset.cash;
    else if (quick || !input.value) input.value = this.rest_for(name);
    this.show();
    input.focus();
    input.select();
    if (DETAILS[name]) this.form.elements[DETAILS[name]].focus();
  }

  rest_for(name) {
    const rest = this.due - this.tendered(name);
    const held = this.minor(this.form.dataset.onAccount);
    if (rest <= 0n) return this.typed(0n);
    if (name === "cash" && this.notes.is_foreign) return this.typed(this.notes.notes_for(rest), this.notes.places);
    if (name === "cash") return this.typed(this.to_coins(rest) || rest);
    return this.typed(name === "account" && rest > held ? held : rest);
  }

  choose_all() {
    for (const box of this.querySelectorAll("input[name=invoice]")) box.checked = true;
    this.show();
  }

  // Esc first empties the tenders; a digit on an invoice writes its amount; arrows go from invoice to invoice.
  key(event) {
    if (event.key === "Escape" && this.amounts.some((input) => input.value)) {
      event.preventDefault();
      for (const input of this.amounts) input.value = "";
      this.notes.reset();
      return this.show();
    }
    if (!event.target.matches("input[name=invoice]") || event.ctrlKey || event.altKey) return;
    const boxes = [...this.querySelectorAll("input[name=invoice]")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      boxes[Math.min(Math.max(boxes.indexOf(event.target) + step, 0), boxes.length - 1)].focus();
    } else if (/^\d$/u.test(event.key)) {
      event.target.checked = true;
      this.form.elements[`amount-${event.target.value}`].select();
    }
  }

  submit(event) {
    if (event.submitter?.matches("[data-not-collected]")) return;
    event.preventDefault();
    if (this.form.hasAttribute("data-sent")) return;
    const is_step = event.submitter?.matches("[name=remove], [name=split], [name=spread]");
    if (this.tendered() === 0n && !is_step) return (this.querySelector("[data-tender=cash]") ?? this.querySelector("[data-tender]")).click();
    this.form.setAttribute("data-sent", "");
    if (this.minor(this.form.elements.card.value) || this.minor(this.form.elements.wallet.value)) {
      this.querySelector("[data-terminal]").textContent = "Follow the card terminal…";
    }
    send_once(this.form, event.submitter, { on_lost: () => this.wait() });
  }

  // What was sent stays as it is until the server has answered: it may have been taken already.
  wait() {
    this.querySelector("[data-lost]").hidden = false;
    for (const column of this.querySelectorAll(".till__column")) column.inert = true;
    window.addEventListener("beforeunload", (event) => this.isConnected && event.preventDefault());
  }
}

customElements.define("hms-till", HmsTill);
