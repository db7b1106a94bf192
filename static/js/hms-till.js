// <hms-till>: the payment form of the register. A tender key fills in the rest and waits; Enter takes the payment.
// Figures are whole minor units, never fractions; the server reckons everything again.

import { CashCurrency } from "./cash-currency.js";
import { DueList } from "./due-list.js";
import { send_once } from "./send-once.js";

const DETAILS = { cheque: "cheque_number", transfer: "transfer_reference" };

class HmsTill extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.style_of = { style: "currency", currency: this.dataset.currency ?? "USD" };
    this.places = new Intl.NumberFormat("en-US", this.style_of).resolvedOptions().maximumFractionDigits;
    this.notes = new CashCurrency(this.querySelector("[data-cash-currency]"), this.querySelector("[data-cash-said]"));
    this.due_list = new DueList(this.form);
    this.filled = new Set();
    this.addEventListener("input", (event) => this.type(event.target));
    this.addEventListener("click", (event) => this.press(event));
    this.addEventListener("keydown", (event) => this.key(event));
    this.listener = (event) => this.due_list.key(event);
    document.addEventListener("keydown", this.listener);
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.querySelector("[data-quick]")?.removeAttribute("hidden");
    this.show();
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.listener);
  }

  // Whole minor units of what is typed; null when it is no amount.
  read(text, places = this.places) {
    const [whole, fraction = "", ...more] = text.trim().replace(/[$,]/gu, "").split(".");
    const is_amount = /^\d{0,13}$/u.test(whole) && /^\d*$/u.test(fraction) && fraction.length <= places;
    return is_amount && !more.length ? BigInt((whole || "0") + fraction.padEnd(places, "0")) : null;
  }

  minor(text, places = this.places) {
    return this.read(text, places) ?? 0n;
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

  // What a person typed is no tender key's to take away; what cannot be read is marked at once.
  type(input) {
    this.filled.delete(input.name);
    this.due_list.follow(input);
    if (input.matches("[data-amount], .till__amount, [name=prepayment]")) {
      const places = input.name === "cash" && this.notes.is_foreign ? this.notes.places : this.places;
      if (this.read(input.value, places) === null) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
    this.show();
  }

  press(event) {
    const button = event.target.closest("[data-tender], [data-cash], [data-all]");
    if (!button) return;
    event.preventDefault();
    const { tender, cash } = button.dataset;
    if (tender === "cash" && this.form.elements.cash === document.activeElement && this.notes.select) {
      this.notes.next();
      this.form.elements.cash.value = "";
    }
    if (tender) this.fill(tender);
    else if (cash) this.fill("cash", cash === "exact" ? "" : cash);
    else this.due_list.choose_all();
    this.show();
  }

  // The tender gets `text`, or the rest when it is empty. What another key filled in gives way where nothing is left.
  fill(name, text = null) {
    const input = this.form.elements[name];
    if (text !== null) input.value = text;
    if (!input.value) {
      if (this.due <= this.tendered(name)) for (const other of this.filled) this.empty(other);
      input.value = this.rest_for(name);
      this.filled.add(name);
    }
    this.show();
    input.focus();
    input.select();
    if (DETAILS[name]) this.form.elements[DETAILS[name]].focus();
  }

  empty(name) {
    this.form.elements[name].value = "";
    this.filled.delete(name);
    if (name === "cash") this.notes.reset();
  }

  rest_for(name) {
    const rest = this.due - this.tendered(name);
    const held = this.minor(this.form.dataset.onAccount);
    if (rest <= 0n) return "";
    if (name === "cash" && this.notes.is_foreign) return this.typed(this.notes.notes_for(rest), this.notes.places);
    if (name === "cash") return this.typed(this.to_coins(rest) || rest);
    return this.typed(name === "account" && rest > held ? held : rest);
  }

  // Esc first empties the tenders.
  key(event) {
    if (event.key !== "Escape" || !this.amounts.some((input) => input.value)) return;
    event.preventDefault();
    for (const input of this.amounts) this.empty(input.name);
    this.show();
  }

  submit(event) {
    if (event.submitter?.matches("[data-not-collected]")) return;
    event.preventDefault();
    if (this.form.hasAttribute("data-sent")) return;
    const is_step = event.submitter?.matches("[name=remove], [name=split], [name=spread]");
    const is_untouched = this.amounts.every((input) => !input.value.trim()) && this.due > this.tendered();
    if (is_untouched && !is_step) return this.fill((this.querySelector("[data-tender=cash]") ?? this.querySelector("[data-tender]")).dataset.tender);
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
