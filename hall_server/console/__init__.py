"""The web console for clerk, lead, admin and auditor: reads beside the writer, never through it."""
