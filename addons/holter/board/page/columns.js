// Numbers that grow, kept small: 100,000 beats cost a few megabytes.

/** A typed array with room to spare; read `values` up to `length`. */
export class Column {
  /**
   * @param {Iterable<number>} [from]
   * @param {Float64ArrayConstructor | Uint32ArrayConstructor | Uint8ArrayConstructor} [Kind]
   */
  constructor(from = [], Kind = Float64Array) {
    this.values = Kind.from(from);
    this.length = this.values.length;
    this.Kind = Kind;
  }

  /** Put a number at the end, or where it is told.
   * @param {number} value
   * @param {number} [at] */
  add(value, at = this.length) {
    if (this.length === this.values.length) {
      const wider = new this.Kind(Math.max(16, 2 * this.length));
      wider.set(this.values);
      this.values = wider;
    }
    if (at < this.length) this.values.copyWithin(at + 1, at, this.length);
    this.values[at] = value;
    this.length += 1;
  }

  /** @returns {number} the last number, NaN where there is none */
  get last() {
    return this.length ? this.values[this.length - 1] : NaN;
  }
}

/** Names that are kept once, and stand for a small number each. */
export class Names {
  /** @param {string[]} [names] */
  constructor(names = []) {
    this.list = [...names];
    this.numbers = new Map(this.list.map((name, number) => [name, number]));
  }

  /** @param {string | null} name */
  number(name) {
    const wanted = name ?? "";
    let found = this.numbers.get(wanted);
    if (found === undefined) {
      found = this.list.push(wanted) - 1;
      this.numbers.set(wanted, found);
    }
    return found;
  }
}

/** The first place whose number is not below the wanted one; the numbers grow.
 * @param {Column} column
 * @param {number} wanted */
export function lowerBound(column, wanted) {
  return search(column.values, column.length, wanted);
}

const EXACT = 2 ** 52; // whole numbers up to here are exact

/** The order of places by their keys; equal keys keep their order, NaN goes last. Each place is packed into one
 * number together with its key, so that a plain sort of numbers does it: 100,000 rows in some 15 ms. Keys that
 * differ by less than a share of `count / 2 ** 52` of their whole range count as equal.
 * @param {Float64Array} keys
 * @param {boolean} [down] */
export function order(keys, down = false) {
  const count = keys.length;
  const { least, most } = bounds(keys);
  const levels = Math.floor(EXACT / (count + 1)) - 1;
  const share = most > least ? levels / (most - least) : 0;
  const packed = new Float64Array(count);
  for (let place = 0; place < count; place += 1) {
    const level = Math.round((keys[place] - least) * share);
    const counted = Number.isNaN(level) ? levels + 1 : down ? levels - level : level;
    packed[place] = counted * count + place;
  }
  packed.sort();
  const found = new Uint32Array(count);
  for (let place = 0; place < count; place += 1) found[place] = packed[place] % count;
  return found;
}

/** @param {Float64Array} keys */
function bounds(keys) {
  let [least, most] = [Infinity, -Infinity];
  for (let place = 0; place < keys.length; place += 1) {
    if (keys[place] < least) least = keys[place];
    if (keys[place] > most) most = keys[place];
  }
  return { least, most };
}

/** The first place in sorted keys that is not below the wanted one.
 * @param {Float64Array | Uint32Array | Uint8Array} keys
 * @param {number} length @param {number} wanted */
function search(keys, length, wanted) {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
