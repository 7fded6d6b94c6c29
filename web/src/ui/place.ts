/** Puts an open popover beside its opener, inside the window: below and aligned to its end where there is room, else above. */
export function place(popover: HTMLElement, opener: HTMLElement): void {
  const gap = 4;
  const edge = 8;
  const from = opener.getBoundingClientRect();
  const box = popover.getBoundingClientRect();
  const below = from.bottom + gap;
  const top = below + box.height <= innerHeight - edge ? below : Math.max(edge, from.top - gap - box.height);
  const rtl = getComputedStyle(opener).direction === "rtl";
  const wish = rtl ? from.left : from.right - box.width;
  const left = Math.min(Math.max(edge, wish), Math.max(edge, innerWidth - edge - box.width));
  popover.style.setProperty("top", `${top}px`);
  popover.style.setProperty("left", `${left}px`);
}
