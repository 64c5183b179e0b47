"""A bare Streamlit page of 30 chat messages: what Tideline's chat page is held against."""

import streamlit as st

for number in range(15):
    st.chat_message("user").markdown(f"I ate a salad and an apple for lunch, number {number}")
    st.chat_message("assistant").markdown("Logged it. That is a sound choice, keep going like this.")
st.chat_input("Message")
