-- Which uploaded files were handed in with a submission: later ones belong to no earlier verdict.
alter table submissions add column files text;
