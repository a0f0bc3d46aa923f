/** Where the documents of the bench go: awards of the sandbox. */
export const benchTopic = 'tncp.sandbox.awards.v1'
