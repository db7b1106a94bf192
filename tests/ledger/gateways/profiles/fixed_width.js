function transform(document) {
  const rows = document.lines.map(function (line) {
    const amount = line.debit !== "0.00" && line.debit !== "0.000" ? line.debit : "-" + line.credit;
    return line.segments.join(".").padEnd(20) + line.currency + amount.padStart(16);
  });
  return [document.batch.number].concat(rows, ["TOTAL " + document.trailer.functional_debit]).join("\n") + "\n";
}
