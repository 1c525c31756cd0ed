"""称号与限制: what the register says of an applicant: live titles and bars. A noun that two services share."""
