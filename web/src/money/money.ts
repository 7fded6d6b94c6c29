// Money is a string with two decimals on the wire and whole minor units in arithmetic; never a float.

/** Minor units of "1000.00", "1,000" or "12.5"; null when it is not an amount. */
export function minorOf(text: string): number | null {
  const plain = text.trim().replaceAll(/[,\s]/g, "");
  const parts = /^(-?)(\d{1,12})(?:\.(\d{1,2}))?$/.exec(plain);
  if (!parts) return null;
  const value = Number(parts[2]) * 100 + Number((parts[3] ?? "").padEnd(2, "0"));
  return parts[1] ? -value : value;
}

/** "1000.00", as the wire wants it. */
export function wireOf(minor: number): string {
  const whole = Math.abs(Math.trunc(minor));
  return `${minor < 0 ? "-" : ""}${Math.floor(whole / 100)}.${String(whole % 100).padStart(2, "0")}`;
}

/** "1,000.00": for reading. A text that is no amount stays as it is. */
export function amountWords(text: string): string {
  const minor = minorOf(text);
  if (minor === null) return text;
  const [whole = "", cents = "00"] = wireOf(minor).split(".");
  return `${whole.replaceAll(/\B(?=(\d{3})+(?!\d))/g, ",")}.${cents}`;
}

/** "1,000.00 KES". */
export function moneyWords(text: string, currency: string): string {
  return currency ? `${amountWords(text)} ${currency}` : amountWords(text);
}

/** Whether an amount is greater than nothing. */
export function isDue(text: string): boolean {
  return (minorOf(text) ?? 0) > 0;
}
