/** The seed of this run, for a test's name: another each time, or `PUENTE_SEED` to see a failure again. */
export const SEED = Number(process.env["PUENTE_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
