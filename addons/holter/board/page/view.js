// Which stretch of time and which rows are looked at.

const AHEAD = 0.2; // the share of the window that lies ahead of now while it follows: where the deadlines are

/** The window on the lanes. Moments are seconds since the recording's zero. */
export class View {
  constructor() {
    this.from = 0;
    this.to = 60;
    this.follow = false;
    this.top = 0;
    this.extent = 60;
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

  /** Make the stretch shorter or longer about a moment, which stays where it is.
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
    if (t >= this.from + 0.05 * this.length && t <= this.to - 0.05 * this.length) return;
    this.follow = false;
    this.show(t - this.length / 2, t + this.length / 2);
  }

  /** Go along with the time. @param {number} now @param {number} extent where the last thing ends */
  tick(now, extent) {
    this.extent = Math.max(extent, now, 1e-3);
    if (this.follow) this.show(now - (1 - AHEAD) * this.length, now + AHEAD * this.length);
  }
}
