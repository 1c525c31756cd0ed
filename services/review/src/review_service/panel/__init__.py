"""The panel: experts, the draw of a panel, and the experts' score sheets."""
