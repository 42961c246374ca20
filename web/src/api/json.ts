// Reads what came over the network into types. A reader throws `Mismatch`; `readOrNull` is the one
// place that catches it, because an exception in an SDK handler would end the connection.

export class Mismatch extends Error {}

type Fields = Readonly<Record<string, unknown>>;

export type Reader<T> = (value: unknown) => T;

export function readOrNull<T>(reader: Reader<T>, value: unknown): T | null {
  try {
    return reader(value);
  } catch (error) {
    if (error instanceof Mismatch) {
      console.warn(`ignored a message: ${error.message}`, value);
      return null;
    }
    throw error;
  }
}

export function fields(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Mismatch('not an object');
  }
  return value as Fields;
}

export function text(of: Fields, name: string): string {
  const value = of[name];
  if (typeof value !== 'string') {
    throw new Mismatch(`${name} is not a text`);
  }
  return value;
}

export function number(of: Fields, name: string): number {
  const value = of[name];
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new Mismatch(`${name} is not a number`);
  }
  return value;
}

export function flag(of: Fields, name: string): boolean {
  const value = of[name];
  if (typeof value !== 'boolean') {
    throw new Mismatch(`${name} is not true or false`);
  }
  return value;
}

export function oneOf<T extends string>(of: Fields, name: string, allowed: readonly T[]): T {
  const value = text(of, name);
  const found = allowed.find((each) => each === value);
  if (found === undefined) {
    throw new Mismatch(`${name} is '${value}': must be one of ${allowed.join(', ')}`);
  }
  return found;
}

export function list<T>(of: Fields, name: string, reader: Reader<T>): T[] {
  const value = of[name];
  if (!Array.isArray(value)) {
    throw new Mismatch(`${name} is not a list`);
  }
  return value.map((each: unknown) => reader(each));
}

/** A field that may be missing or null. */
export function optional<T>(
  of: Fields,
  name: string,
  read: (of: Fields, name: string) => T,
): T | null {
  const value = of[name];
  return value === undefined || value === null ? null : read(of, name);
}

export function readText(value: unknown): string {
  if (typeof value !== 'string') {
    throw new Mismatch('not a text');
  }
  return value;
}
