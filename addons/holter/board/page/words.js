// Times, counts and names in words, the same wherever they stand.

/** A number with its word: `1 call`, `2 calls`. @param {number} number @param {string} word */
export function counted(number, word) {
  return `${thousands(number)} ${word}${number === 1 ? "" : "s"}`;
}

/** A whole number with its thousands apart. @param {number} number */
export function thousands(number) {
  return String(Math.round(number)).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** Seconds as people say them: `0.06 s`, `4.8 s`, `2 min 5 s`, `1 h 3 min`, and from two days on `2 d 7 h`.
 * @param {number | null} seconds */
export function duration(seconds) {
  if (seconds === null || seconds === undefined || Number.isNaN(seconds)) return "";
  const size = Math.abs(seconds);
  if (size >= 59.95) return `${seconds < 0 ? "-" : ""}${long(Math.round(size))}`;
  return `${Number(seconds.toFixed(size >= 10 ? 1 : size >= 1 ? 2 : 3))} s`;
}

/** @param {number} whole */
function long(whole) {
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (hours >= 48) return `${Math.floor(hours / 24)} d${hours % 24 ? ` ${hours % 24} h` : ""}`;
  if (hours) return `${hours} h${minutes ? ` ${minutes} min` : ""}`;
  return `${minutes} min${seconds ? ` ${seconds} s` : ""}`;
}

/** The time of day, UTC. @param {number} wall seconds since 1970 @param {number} [digits] of a second
 * @param {boolean} [dated] with the day before it */
export function clock(wall, digits = 0, dated = false) {
  if (!Number.isFinite(wall)) return "";
  const text = new Date(Math.round(wall * 1000)).toISOString().replace("T", " ");
  return text.slice(dated ? 0 : 11, digits ? 20 + digits : 19);
}

/** A moment in full. @param {number} wall */
export function full(wall) {
  return Number.isFinite(wall) ? `${clock(wall, 3, true)} UTC` : "";
}

/** The day, UTC. @param {number} wall */
export function day(wall) {
  return Number.isFinite(wall) ? new Date(wall * 1000).toISOString().slice(0, 10) : "";
}

/** Two moments, UTC, with their days where that is wanted. @param {number} from @param {number} to
 * @param {boolean} [dated] */
export function between(from, to, dated = day(from) !== day(to)) {
  return [from, to].map((wall) => clock(wall, 1, dated)).join(" to ");
}

/** @param {number | null} share */
export function percent(share) {
  return share === null || share === undefined ? "" : `${Math.round(share * 100)} %`;
}

/** The seconds since 1970 of an ISO moment; NaN where it is none. @param {string | null} iso */
export function wallOf(iso) {
  return iso ? Date.parse(iso) / 1000 : NaN;
}

/** An answer in one word for filters and colours: ok, 4xx, 5xx, broken. @param {string} answer */
export function sortOf(answer) {
  if (/^2/.test(answer)) return "ok";
  if (/^4/.test(answer)) return "4xx";
  if (/^5/.test(answer)) return "5xx";
  return answer ? "broken" : "";
}
