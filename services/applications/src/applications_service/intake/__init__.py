"""Applications until they are accepted: applicants, applications, recommendations."""
