"""The import wizard: from a file to a campaign, one step a page."""
