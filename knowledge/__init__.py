"""Thinks: facts as data, the language lexicon, understanding and answering. Pure and synchronous."""
