/** Children of an object that are made when somebody asks for them. */
export interface Unmade {
  /** Whether one of them may have that label. */
  has(label: string): boolean;
  /** Whether one of them may be of that kind. */
  makes(word: string): boolean;
  make(): void;
}
