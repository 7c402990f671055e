"""Reading what a model wrote, for strategies that ask in the same shapes: lists, labelled blocks, talk around them."""
