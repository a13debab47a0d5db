// The model that the examples use: Codex's own choice with the login that is found, or what these variables say.
const { PROVIDER_URL, MODEL } = process.env;

export const model = {
  ...(PROVIDER_URL && { provider: { baseUrl: PROVIDER_URL } }),
  ...(MODEL && { model: MODEL }),
};
