"""The confidentiality gate's judgement: passages of text in, findings out. Article 9, 信息脱密处理."""
