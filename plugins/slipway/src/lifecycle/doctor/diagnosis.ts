/** One thing that the doctor looked at. */
export interface Diagnosis {
  readonly name: string;
  /** `unknown`: it could not be looked at. */
  readonly state: 'good' | 'bad' | 'unknown';
  readonly told: string;
  readonly remedy?: string;
}

export function good(name: string, told: string): Diagnosis {
  return { name, state: 'good', told };
}

export function bad(name: string, told: string, remedy?: string): Diagnosis {
  return { name, state: 'bad', told, ...(remedy === undefined ? {} : { remedy }) };
}

export function unknown(name: string, told: string, remedy?: string): Diagnosis {
  return { name, state: 'unknown', told, ...(remedy === undefined ? {} : { remedy }) };
}
