"""The fold of an area, from its parts to the tracker."""
