const KINDS = ["ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz", "23456789", "!@#$%^&*()_+-=[]{}"];
const LENGTH = 20;

function drawn(below: number): number {
  const limit = Math.floor(0x1_0000_0000 / below) * below;
  const numbers = new Uint32Array(1);
  do {
    crypto.getRandomValues(numbers);
  } while ((numbers[0] ?? 0) >= limit);
  return (numbers[0] ?? 0) % below;
}

/** 20 characters of all four kinds, so that any usual password policy takes it. */
export function generatedPassword(): string {
  const every = KINDS.join("");
  const characters = KINDS.map((kind) => kind.charAt(drawn(kind.length)));
  while (characters.length < LENGTH) characters.push(every.charAt(drawn(every.length)));
  for (let last = characters.length - 1; last > 0; last--) {
    const other = drawn(last + 1);
    [characters[last], characters[other]] = [characters[other] ?? "", characters[last] ?? ""];
  }
  return characters.join("");
}
