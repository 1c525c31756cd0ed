"""The rules of a round: agencies, programmes, rounds."""
