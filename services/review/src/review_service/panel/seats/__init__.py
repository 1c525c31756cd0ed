"""席位: how a seat of a drawn panel is emptied (recusal, absence, void sheet, leaving), filled or given up."""
