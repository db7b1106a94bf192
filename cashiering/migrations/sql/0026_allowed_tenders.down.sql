DROP TRIGGER cashiering_tender_taken_here ON cashiering_tender;
DROP FUNCTION cashiering_tender_taken_here();
