// Which stretch of time and which rows are looked at.

import { FLAT } from "./fold.js";

const AHEAD = 0.2; // the share of the window that lies ahead of now while it follows: where the deadlines are

/** The window on the lanes, in places on the paper: seconds, of which a fold has few. */
export class View {
  constructor() {
    this.from = 0;
    this.to = 60;
    this.follow = false;
    this.top = 0;
    this.extent = 60;
    this.fold = FLAT;
    this.shortest = 0.01;
    this.moved = true;
  }

  get length() {
    return this.to - this.from;
  }

  /** Look at a stretch; it stays within what there is, with some room around.
   * @param {number} from @param {number} to */
  show(from, to) {
    const room = 0.05 * this.extent;
    const longest = this.extent + 2 * room;
    const length = Math.min(longest, Math.max(this.shortest, to - from));
    const centre = (from + to) / 2;
    const start = Math.max(-room, Math.min(centre - length / 2, this.extent + room - length));
    this.moved = this.moved || start !== this.from || start + length !== this.to;
    this.from = start;
    this.to = start + length;
  }

  /** Look at all of it. */
  all() {
    this.follow = false;
    this.show(-0.02 * this.extent, 1.02 * this.extent);
  }

  /** Make the stretch shorter or longer about a place, which stays where it is.
   * @param {number} factor below 1 shows less @param {number} [about] */
  zoom(factor, about = this.follow ? this.to - AHEAD * this.length : (this.from + this.to) / 2) {
    const length = Math.max(this.shortest, this.length * factor);
    const share = (about - this.from) / this.length;
    this.show(about - share * length, about + (1 - share) * length);
  }

  /** @param {number} seconds */
  pan(seconds) {
    this.follow = false;
    this.show(this.from + seconds, this.to + seconds);
  }

  /** Have a moment in sight. @param {number} t */
  reveal(t) {
    const place = this.fold.place(t);
    if (place >= this.from + 0.05 * this.length && place <= this.to - 0.05 * this.length) return;
    this.follow = false;
    this.show(place - this.length / 2, place + this.length / 2);
  }

  /** Look through another fold: the moment in the middle stays where it is, or the nearer edge of the fold that
   * it lies in from now on. @param {import("./fold.js").Fold} fold */
  refold(fold) {
    if (fold === this.fold) return;
    const middle = fold.edge(this.fold.moment((this.from + this.to) / 2));
    const moved = fold.place(middle) - this.fold.place(middle);
    this.extent = fold.place(this.fold.moment(this.extent));
    this.fold = fold;
    this.show(this.from + moved, this.to + moved);
  }

  /** Go along with the time. @param {number} now moment @param {number} extent moment where the last thing ends */
  tick(now, extent) {
    const place = this.fold.place(now);
    this.extent = Math.max(this.fold.place(extent), place, 1e-3);
    if (this.follow) this.show(place - (1 - AHEAD) * this.length, place + AHEAD * this.length);
  }
}
