import type { Board } from "../../api/types.ts";
import { board as b } from "../../i18n/board_en.ts";
import { amountWords } from "../../money/money.ts";
import { clockWords, durationWords } from "../../time/words.ts";

/** The day in four numbers. */
export function Figures({ board, currency, now }: { board: Board; currency: string; now: Date }) {
  const { figures } = board;
  const longest = figures.longest_waiting_since ? (now.getTime() - Date.parse(figures.longest_waiting_since)) / 1000 : null;
  return (
    <dl class="figures" aria-label={b.figures}>
      <div class="card"><dt>{b.waiting}</dt><dd>{figures.waiting} {longest === null ? null : <small>{b.longest(durationWords(longest))}</small>}</dd></div>
      <div class="card"><dt>{b.inProgress}</dt><dd>{figures.in_progress}</dd></div>
      <div class="card"><dt>{b.stillToCome}</dt><dd>{figures.still_to_come} {figures.next_start ? <small>{b.next(clockWords(figures.next_start, board.time_zone))}</small> : null}</dd></div>
      <div class="card"><dt>{b.toCollect}</dt><dd>{amountWords(figures.to_collect)} <small>{b.visitsNote(currency, figures.to_collect_visits)}</small></dd></div>
    </dl>
  );
}
