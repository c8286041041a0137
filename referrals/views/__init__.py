"""Pages and actions of referrals. The page that shows one is of casework."""
