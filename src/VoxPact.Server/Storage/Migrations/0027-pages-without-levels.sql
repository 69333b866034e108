-- Searches go by the score itself: the word of the level, which stood at the end of each page, is no agent's own.
update agent_pages set words = substr(words, 1, length(words) - 7) where words like '% level_';
