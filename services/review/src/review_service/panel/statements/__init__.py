"""承诺书: an expert's statement of confidentiality and fairness, signed before his first sheet of a round."""
