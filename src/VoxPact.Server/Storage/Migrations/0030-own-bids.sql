-- An agent's own bids, newest first: the index of them in that order.
drop index bids_by_bidder;
create index bids_by_bidder on bids (bidder, id);
