/** Every generated file (path from the workspace folder, text). */
export function generate(from?: string): Map<string, string>
