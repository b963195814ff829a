/** What must never be read in a review, wherever it stands, such as in the key of a for_each. */
const secrets: readonly RegExp[] = [
  // Account numbers, alone and in ARNs and registry hosts.
  /(?<![0-9A-Za-z])\d{12}(?![0-9A-Za-z])/g,
  // Access key ids: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
  /(?<![0-9A-Z])A[KS]IA[0-9A-Z]{16}(?![0-9A-Z])/g,
  // Tokens of GitHub and GitLab, and JSON Web Tokens.
  /\b(?:gh[opusr]_|github_pat_|glpat-)[\w-]{10,}/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  // Credentials in an address: user:password@host
  /(?<=:\/\/)[^\s/@]+:[^\s/@]+(?=@)/g,
];

/** A text without account numbers and without what looks like a credential. */
export function mask(text: string): string {
  return secrets.reduce((masked, pattern) => masked.replace(pattern, "***"), text);
}
