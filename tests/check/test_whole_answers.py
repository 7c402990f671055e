"""G015 tells answers that stop in the middle from those that end without a full stop for reasons of their own."""

import random

import pytest

from tests.check.cases import ask

START = "The museum was built in 1904 by two brothers. It has many rooms and a garden. "
WHOLE = {
    "the last option of a quiz": "Which mountain is highest in Africa?\nA. Mount Everest\nB. K2\nC. Elbrus\nD. "
    "Mount Kilimanjaro",
    "the last option on one line": "Which of these mountains is the highest one in Africa? A. Everest B. K2 C. "
    "Elbrus D. Mount Kilimanjaro",
    "a lettered outline": f"{START}\nA. The house and its rooms\nB. The garden of the two brothers\nC. The years "
    "after the war",
    "a roman outline": "I. Introduction\nA. Background of the topic\nB. Thesis\nII. Body\nA. First argument\nIII. "
    "Conclusion\nA. Call to action",
    "a roman outline on one line": "Outline of the essay. I. Introduction II. History of solar power III. Its "
    "advantages IV. Conclusion",
    "a link": f"{START}Read more at https://www.example.org/museum/rooms",
    "a link that ends in a slash": f"{START}Read more at https://www.example.org/museum/",
    "a source": f"{START}Source: https://www.example.org/data/2019/table",
    "hashtags": f"{START}Come and see it! #museum #art #neverGiveUp",
    "a name with initials": "One of the best known novels about youth is The Outsiders. It was written in 1967 by "
    "S.E. Hinton",
    "a name with spaced initials": "The trilogy is one of the most read works of the last century. It was written "
    "by J. R. R. Tolkien",
    "a letter's closing": "Dear Mr. Smith,\n\nThank you for your time. I look forward to hearing from you "
    "again.\n\nSincerely,",
    "a letter's closing and name": "Dear Mr. Smith,\n\nThank you for your time. I look forward to hearing from "
    "you.\n\nSincerely,\nJohn Doe",
    "a letter's closing of another kind": "Hi Anna,\n\nI will be out today. If anything is urgent, please ask Tom "
    "for help.\n\nSee you soon,",
    "a letter's closing on one line": "Hi Anna, I hope that you are well. The meeting is on Monday at ten. Please "
    "tell me. Best wishes, Tom Miller",
    "JavaScript": "function add(a, b) {\n  const sum = a + b;\n  return sum\n}\n\nconsole.log(add(1, "
    "2))\nmodule.exports = add",
    "Python": "def greet(name):\n    # Say hello. Then leave\n    print('Hello')\n\nfor person in people:\n    "
    "greet(person)\n    names.append",
    "SQL": "SELECT customers.name, orders.date FROM customers INNER JOIN orders ON customers.id = orders.customer "
    "ORDER BY name",
    "HTML": "<html>\n<body>\n<p>Welcome to my page. Enjoy your stay</p>\n</body>\n<footer>All rights reserved by "
    "the owner",
    "a form": "Customer Feedback Form\n\nName:\nEmail address:\nHow did you hear about us?\nComments:\nSignature:",
    "a form with lines": "Please fill in all the fields below.\nFirst name: ______\nLast name: ______\nDate of "
    "birth: ______\nSignature",
    "fields with values": "Name: Sarah Johnson. Age: 34. Work: Teacher at a primary school. Hobbies: Reading, "
    "hiking and the guitar",
    "a label behind an analysis": f"{START}Category: Art and culture",
    "a quotation's author": "“The only thing we have to fear is fear itself, and that is why we must go on.” - "
    "Franklin D. Roosevelt",
    "an invitation": f"{START}Call us today",
    "the last step of a recipe": "Ingredients:\n- 2 cups flour\n- 2 eggs\n\nSteps:\n1. Mix them.\n2. Bake for 20 "
    "minutes.\n\nServe warm and enjoy",
    "a poem": "The sun goes down behind the hill,\nThe birds are quiet, the air is still,\nAnd in the dark I hear "
    "the sea,\n"
    "That sings its song for you and me",
    "a list of names": "The best known plays of William Shakespeare are these:\n- Hamlet\n- Macbeth\n- King Lear\n- "
    "A Midsummer Night's Dream",
    "a list without marks": f"{START}\n- Buy a ticket\n- See the rooms\n- Walk through the garden",
    "a title": "The Long Way Home: A Story of Courage, Friendship and the Search for What We Are Made Of",
    "an address in a book list": "Smith, J. (2019). The history of the bicycle in Europe. Journal of Transport, "
    "12(3). Oxford University Press",
    "a sad face": "I am so sorry that you have to leave us so early today, and we will all miss you very much :(",
    "a table": "Name | Age | City\n--- | --- | ---\nAnna | 23 | Paris, where she was born\nTom | 34 | Berlin",
    "a question without its mark": "What are you looking for",
    "a clause": "It is easier said than done, as you know who they are",
    "a preposition": "to",
    "function words": "the, a, an, and",
}
CUT = {
    "is equal to": "The value of x is equal to",
    "and": "You should bring milk, bread, and",
    "is": "The capital city of France is",
    "because the": "She went home because the",
    "such as": "It depends on the weather, such as",
    "a comma": "On Monday we went to the museum,",
    "a colon": f"{START}Here are the steps to get there:",
    "a word's beginning": f"{START}Most people like to sit outs",
    "a word's beginning in one sentence": "The old museum beside the river has many rooms, a large garden and a collec",
    "an item's beginning": "1. Walk through the garden\n2. See the rooms of the two brothers\n3. Visit the "
    "collection of coins\n4. Experi",
    "a sentence behind others": f"{START}Most people come in summer to see the garden",
    "an item without the mark of the others": "1. Eat well and often.\n2. Drink water, not wine.\n3. Sleep for "
    "eight hours.\n4. Walk a lot",
    "an item without the meaning of the others": "- Hawk: a bird of prey\n- Robin: a small bird with a red "
    "breast\n- Owl: a bird of the night\n- Eagle",
    "an item without the author of the others": "1. Emma by Jane Austen\n2. Ulysses by James Joyce\n3. Walden by "
    "Henry Thoreau\n4. Middlemarch",
    "a bare number": "1. Buy a ticket at the door or on our page.\n2. See the rooms.\n\n3.",
    "a bare number on one line": "1. Buy a ticket at the door or on our page. 2. See the rooms and the garden. 3.",
    "a bare bullet": "- Buy a ticket at the door or on our page\n- See the rooms and the garden\n-",
    "an open bracket": f"{START}It shows works of several painters (among them Goya",
    "a possessive": f"{START}Most people come for the museum's",
    "an abbreviation": f"{START}It shows works of several painters, (e.g.",
    "a paragraph": f"{START}\n\nMost people come in summer to see the garden with its roses",
    "the fourth of ten": "1. Owl\n2. Kite\n3. Hawk\n4. Golden eagle with a wing span of more than two metres and a "
    "hooked beak",
}


@pytest.mark.parametrize("kind", WHOLE)
def test_an_answer_may_end_with(kind, codes):
    assert codes([ask(output=WHOLE[kind])], "G015") == {}


@pytest.mark.parametrize("kind", CUT)
def test_an_answer_is_cut_off_that_ends_with(kind, codes):
    instruction = "List ten birds." if kind == "the fourth of ten" else "Tell me about it."

    assert codes([ask(instruction, CUT[kind])], "G015") == {1: ["G015"]}


@pytest.mark.parametrize("instruction", ["Design a form.", "Write a salutation.", "Complete the template."])
def test_a_colon_may_end_an_answer_that_is_to_be_filled(instruction, codes):
    output = "Please write down on this sheet of paper what you think about the new rooms of our museum:"

    assert codes([ask(instruction, output)], "G015") == {}


def test_an_answer_may_end_as_the_text_that_it_corrects_ended(codes):
    given = "The mill are a cheap pub by the river. It have good food and is near the old station"
    output = "The mill is a cheap pub by the river. It has good food and is near the old station"

    assert codes([ask("Correct the grammar.", output, input=given)], "G015") == {}


def test_most_real_answers_that_are_cut_at_a_random_place_are_found(fixtures, codes):
    from tests.check.planting import real_rows

    draw = random.Random(1)
    rows = [row for row in real_rows(fixtures, 600) if len(row["output"]) > 200]
    cut = [{**row, "output": row["output"][: draw.randint(100, len(row["output"]) - 2)]} for row in rows]
    seen_to_be_cut = [row for row in cut if row["output"].rstrip()[-1] not in ".!?\"'"]

    assert len(codes(seen_to_be_cut, "G015")) >= 0.9 * len(seen_to_be_cut)
    assert codes(rows, "G015") == {}
