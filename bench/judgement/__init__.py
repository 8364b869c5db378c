"""How good is our judgement? Real articles, pages, feeds and addresses with known answers, and floors."""
