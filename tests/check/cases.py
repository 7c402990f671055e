"""For each rule, files in which it must find something and files in which it must not."""

from __future__ import annotations

LONG = "The first reason is the price. The second reason is the weather in May. "


def ask(instruction="Name three birds of prey.", output="Eagle, owl, hawk.", **more):
    return {"instruction": instruction, "input": "", "output": output, **more}


def talk(*turns, key="messages", names=("role", "content")):
    return {key: [dict(zip(names, turn, strict=True)) for turn in turns]}


def choose(chosen, rejected, prompt="Is it so?"):
    return {"prompt": prompt, "chosen": chosen, "rejected": rejected}


RENDERED = {"prompt": "### User:\nName a bird.\n\n### Assistant:\n", "completion": "Eagle."}
USER, ANSWER = ("user", "Is it so?"), ("assistant", "It is.")
CHAT = talk(USER, ANSWER)
EXAMPLE = {
    "id": "0123456789abcdef",
    **ask(),
    "source": {
        "method": "convert",
        "parents": [],
        "prompts": [],
        "model": "",
        "dataset": "",
        "config": "",
        "split": "",
        "revision": "",
        "row": None,
        "template": "",
        "template_hash": "",
        "licence": "",
        "language": "",
    },
    "rationale": "",
    "options": [],
    "references": [],
    "exemplars": [],
    "history": [],
    "system": "",
    "task": {"name": "", "category": "", "kind": ""},
}
OPTIONS = "Which is red?\nA) grass\nB) blood\nC) milk"

FOUND = {
    "F001": [[ask(), b'{"instruction": "Add\n'], [b"[1, 2]\n"], [b'{"instruction": "\xff"}\n']],
    "F002": [[{"question": "Why?", "reply": "So."}], [{}]],
    "F003": [
        [ask(["Add."])],
        [ask(output=5)],
        [ask(input={})],
        [{"messages": "Hello"}],
        [{"messages": [{"text": "a"}]}],
    ],
    "F004": [
        [ask(output=None)],
        [ask(None)],
        [{"messages": None}],
        [choose(None, "No.")],
        [talk(USER, ("assistant", None))],
    ],
    "F005": [[ask("")], [ask("  ")], [{"messages": []}], [{"prompt": "", "completion": "Yes."}]],
    "F006": [
        [{**EXAMPLE, "id": "x"}],
        [{**EXAMPLE, "source": {}}],
        [{**EXAMPLE, "note": ""}],
        [{**EXAMPLE, "options": [1]}],
    ],
    "F007": [
        [ask(), ask(output=5)],
        [ask(tags=["a"]), ask(tags="a")],
        [talk(USER, ANSWER), talk(USER, ("assistant", [{"type": "text", "text": "It is."}]))],
        [ask(tags=["a"]), ask(tags=[1])],
    ],
    "F008": [
        [ask(), CHAT],
        [{"prompt": "A?", "completion": "B."}, {"prompt": CHAT["messages"][:1], "completion": CHAT["messages"][1:]}],
    ],
    "F009": [[ask(), ask(note="x")], [ask(note="x"), ask()]],
    "F010": [[]],
    "F011": [],
    "F012": [],
    "F013": [],
    "T001": [[talk(("narrator", "Once."), ANSWER)]],
    "T002": [[talk(USER, ANSWER, ("system", "Be brief."), USER, ANSWER)]],
    "T003": [[talk(USER, USER, ANSWER)], [talk(ANSWER, USER, ANSWER)], [talk(USER, ANSWER, ANSWER)]],
    "T004": [[talk(USER, ANSWER, USER)], [talk(("human", "A?"), key="conversations", names=("from", "value"))]],
    "T005": [[talk(("user", " "), ANSWER)], [talk(("system", ""), USER, ANSWER)]],
    "T006": [[{"messages": [*CHAT["messages"][:1], {**CHAT["messages"][1], "weight": 0}]}]],
    "T007": [[choose("Yes.", "Yes.")], [choose(" Yes.", "Yes. ")], [choose(CHAT["messages"], CHAT["messages"])]],
    "T008": [
        [choose("Yes.", " ")],
        [choose(CHAT["messages"][1:], [{"role": "assistant", "content": ""}], CHAT["messages"][:1])],
    ],
    "T009": [[ask("word " * 9000)], [ask("語" * 12000)]],
    "T010": [[{"prompt": "The capital is", "completion": "Paris."}]],
    "D001": [
        [EXAMPLE, {**EXAMPLE, "id": "f" * 16}],
        [ask(), ask()],
        [ask(), ask(output=" Eagle, owl, hawk.\n")],
        [CHAT, CHAT],
    ],
    "D002": [
        [ask(id="a1"), ask("Name a river.", "Danube.", id="a1")],
        [ask(id=7), ask("Name a river.", "Danube.", id=7)],
    ],
    "D003": [[ask(), ask(output="Kite, owl.")], [ask(), ask(output="Kite."), ask(output="Kite, owl.")]],
    "D005": [[ask(f"Name {what}.", "It depends on the weather and the season.") for what in ("rain", "snow", "ice")]],
    "D004": [[ask("List three good uses of an old brick."), ask("List three good uses for an old brick.")]],
    "G001": [
        [ask(input=text)]
        for text in (
            "No input",
            "N/A",
            "<noinput>",
            "None.",
            "no input required",
            "[Insert text here]",
            "n/a",
            "…",
            "\\<noinput\\>",
            "{\\noinput}",
            "{\noinput}",
            "<noinput?",
            "noinput",
            "No_input",
            "<no input needed>",
            "[blank]",
        )
    ],
    "G002": [[ask(output=text)] for text in ("", " ", "\n\t")] + [[talk(USER, ("assistant", ""))]],
    "G003": [
        [ask(output=text)]
        for text in (
            "N/A",
            "<nooutput>",
            "[Your answer here]",
            "...",
            "TODO",
            "[insert poem]",
            "Nooutput",
            "No output.",
            "<nooutput - cannot create a visual output>",
            "<noinput>",
            "[No output needed]",
            "\\<nooutput\\>",
        )
    ],
    "G004": [[ask("Correct the grammar.", "She go home.", input="She go home.")]],
    "G005": [[ask(output="Name three birds of prey. Eagle, owl.")], [ask(output="name three birds of prey.")]],
    "G006": [
        [ask("Sort these numbers: 31, 12, 27, 9, 75, 86", "9 …", input="31, 12, 27, 9, 75, 86")],
        [ask('Edit this sentence "I playing piano"', "I play the piano.", input="I playing piano")],
        [ask("Translate to French: yes", "oui", input="yes")],
        [ask("Correct the sentence she go home please.", "She goes home.", input="She go home")],
    ],
    "G007": [
        [ask("Summarize the article.", input=link)]
        for link in ("https://example.org/a", "www.example.org", "<https://a.io>")
    ]
    + [
        [ask("Describe it.", input=name)]
        for name in ("holiday.jpg", "[attached image]", "Please see the attached file.")
    ],
    "G008": [
        [ask("Describe the attached image.")],
        [ask("Summarize the article at this link.", input="https://example.org/1")],
        [ask("What can be seen in this photo?")],
        [ask("Explain the trend that is shown in the chart below.")],
        [ask("Watch the video and name its genre.")],
    ],
    "G009": [[ask(output="Here it is: ![a cat](cat.png)")], [ask(output="[Image of a cat] It sleeps.")]],
    "G010": [[ask("Summarize the following article.")], [ask("Find the verbs in the given sentence:")]],
    "G011": [
        [ask(output="Eagle.\n\n2. Instruction: Name a river.")],
        [ask("Name a bird.\n12. Name a fish that lives in rivers.")],
        [ask(output="Eagle.\nTask 3: Name a river.")],
        [ask("Name a bird.\nOutput: Robin.")],
    ],
    "G012": [[ask(output="Eagle.\nHuman: And a fish?")], [ask(output="Eagle.\n\nUser: Thanks")]],
    "G013": [
        [ask(output=f"Eagle.{mark}")]
        for mark in ("<|im_end|>", " [/INST]", "</s>", "\n### Response: Owl.", "<end_of_turn>", "\n###")
    ]
    + [
        [RENDERED, {**RENDERED, "completion": " Eagle.\n### User:\nAnd a fish?"}],
        [RENDERED, {**RENDERED, "completion": " Eagle.<|im_end|>"}],
        [{"text": "Eagles fly."}, {"text": "### User:\nName a bird.\n\n### Assistant:\nEagle."}],
        [
            {"text": "### User:\nName a bird.\n\n### Assistant:\nEagle."},
            {"text": "Eagles fly.\n### User:\nAnd a fish?"},
        ],
        [talk(USER, ANSWER, ("user", "### User:\nAnd he?"), ANSWER)],
    ],
    "G014": [[ask(output="Output: Eagle.")], [ask("Instruction: Name a bird.")], [ask(input="Input: a wood")]],
    "G015": [
        [ask(output=f"{LONG}The third reason is that the")],
        [ask(output=f"{LONG}People like to sit outs")],
        [ask(output=f"{LONG}\n1. Milk\n2. Eggs\n3.")],
        [ask(output=f"{LONG}\n```python\nprint(1)")],
        [ask(output=f"{LONG}Bread, butter,")],
    ],
    "G016": [[ask(output="It is a big old house. " * 12)]],
    "G017": [
        [ask(output=text)]
        for text in (
            "I'm sorry, but I cannot assist with that.",
            "I am unable to provide this information.",
            "As an AI language model, I cannot browse the web.",
            "Please provide the text that I should translate.",
            "I’m sorry, but there is no article given.",
        )
    ],
    "G018": [
        [ask(output=text)]
        for text in (
            "As an AI language model, I have no taste.",
            "It is blue. I'm just an AI.",
            "I was made by OpenAI.",
        )
    ],
    "G019": [
        [ask(output=f"Eagle{mark}, owl.")]
        for mark in ("\x00", "\x1b[31m", "\u200b", "\ufeff", "\u00ad", "\x85", "\u202e")
    ],
    "G020": [[ask(output=text)] for text in ("The cafÃ© isnâ€™t open.", "caf\ufffd", "25Â°C", "Ã¼ber")],
    "G021": [
        [ask("Translate to Korean: Good morning to all.", "Guten Morgen allerseits.")],
        [ask("What is rain? Answer in French.", "Rain is water that falls from the clouds and it is good for you.")],
        [ask("Translate this into English: 비가 옵니다", "비가 많이 옵니다 그래서 우산이 필요합니다")],
    ],
    "G023": [
        [ask(output=f"Eagle, owl, hawk.{stray}")]
        for stray in ("\n#", "\n///", ";;", "\n<!-- -->", " // end of output //", "\n\n***", "\n(End of answer)")
    ],
    "G024": [
        [ask(output="1. Eagle\n2. Owl")],
        [ask(output="- Eagle\n- Owl\n- Hawk\n- Kite")],
        [ask(output="Eagle and owl.")],
        [ask("Create a list of 5 ways to save water.", "1. Wash less. 2. Drink less. 3. Fix the tap.")],
    ],
    "G022": [
        [ask(OPTIONS, "D")],
        [ask(OPTIONS, "(E)")],
        [ask(OPTIONS, "Answer: F")],
        [ask("Which is red?", "wine", options=["blood", "milk"])],
        [ask("Which is red?\ni. milk\nii. blood", "iii", options=["milk", "blood"])],
        [ask("Which is red?\nMilk, or blood?", "ii", options=["milk", "blood"])],
    ],
}
"""By code: files (lists of rows, or raw lines), each of which must bring the code."""

NOT_FOUND = {
    "F001": [[ask(), b"\n", b"  \n", ask("Name a river.", "Danube.")]],
    "F002": [[ask()], [CHAT], [{"text": "Once."}], [choose("Yes.", "No.")], [{"instruction": "A", "output": "B"}]],
    "F003": [[ask()], [CHAT], [choose(CHAT["messages"], CHAT["messages"])]],
    "F004": [[ask(input=None)][:0], [ask()], [{"instruction": "Add.", "output": "5", "note": None}], [ask(output="")]],
    "F005": [[ask()], [ask(output="")], [CHAT]],
    "F006": [[EXAMPLE], [ask()], [{**EXAMPLE, "output": ""}]],
    "F007": [
        [ask(n=1), ask(n=1.5)],
        [ask(note=None), ask(note="a")],
        [EXAMPLE, {**EXAMPLE, "options": ["a"]}],
        [ask(tags=[]), ask(tags=["a"])],
    ],
    "F008": [[ask(), {"instruction": "A", "output": "B"}], [CHAT, CHAT]],
    "F009": [[ask(), ask()], [{"instruction": "A", "output": "B"}, {"output": "B", "instruction": "A"}]],
    "F010": [[ask()]],
    "F011": [[ask()]],
    "F012": [[ask()]],
    "F013": [[ask()]],
    "T001": [
        [talk(("human", "A?"), ("gpt", "B."), key="conversations", names=("from", "value"))],
        [talk(("developer", "A."), USER, ANSWER)],
    ],
    "T002": [[talk(("system", "Be brief."), USER, ANSWER)]],
    "T003": [
        [talk(("system", "Be brief."), USER, ANSWER, USER, ANSWER)],
        [talk(USER, ("assistant", "I look."), ("tool", "42"), ("tool", "43"), ANSWER)],
        [choose(CHAT["messages"][1:], CHAT["messages"][1:], CHAT["messages"][:1])],
    ],
    "T004": [[CHAT], [choose(CHAT["messages"][1:], CHAT["messages"][1:], "Is it so?")]],
    "T005": [[CHAT], [talk(USER, ("assistant", ""))]],
    "T006": [[CHAT], [{"messages": [*CHAT["messages"], *CHAT["messages"][:1], {**CHAT["messages"][1], "weight": 0}]}]],
    "T007": [[choose("Yes.", "No.")], [CHAT]],
    "T008": [[choose("Yes.", "No.")], [ask()]],
    "T009": [[ask("word " * 6000)]],
    "T010": [
        [{"prompt": "The capital is ", "completion": "Paris."}],
        [{"prompt": "2 + 2?", "completion": "4"}],
        [ask("A", "B")],
    ],
    "D001": [
        [ask(), ask(output="Kite.")],
        [ask(), ask(input="in Asia")],
        [choose("a", "b"), choose("a", "c")],
        [EXAMPLE, {**EXAMPLE, "rationale": "They hunt."}],
        [EXAMPLE, {**EXAMPLE, "exemplars": [{"input": "fish", "output": "Eel.", "rationale": ""}]}],
        [EXAMPLE, {**EXAMPLE, "system": "Be brief."}],
    ],
    "D002": [[ask(id="a1"), ask(id="a2")], [ask(), ask()]],
    "D003": [
        [ask(), ask()],
        [ask(), ask(input="in Asia", output="Kite.")],
        [ask(), ask(output="Kite."), ask(), ask(output="Kite. ")][:1],
        [EXAMPLE, {**EXAMPLE, "output": "Kite.", "system": "Be brief."}],
    ],
    "D005": [
        [ask(f"Name {what}.", "It depends on the weather and the season.") for what in ("rain", "snow")],
        [ask(f"Is {what} wet?", "Yes, it is.") for what in ("rain", "snow", "ice")],
        [
            ask("Is it wet?", "It depends on the weather and the season.", input=what)
            for what in ("rain", "snow", "ice")
        ],
        [
            ask(
                f"Is {what} wet?",
                "They are not the same thing at all.",
                options=["They are not the same thing at all."],
            )
            for what in ("rain", "snow", "ice")
        ],
    ],
    "D004": [[ask(), ask("Write a letter to a landlord about a broken window.")]],
    "G001": [
        [ask(input=text)]
        for text in ("", "x = None", "The input of the machine is not given.", "[1, 2, 3]", "nothing but rain")
    ],
    "G002": [[ask(output="0")]],
    "G003": [
        [ask("Say N/A if there is no name: rain", "N/A")],
        [ask(output="None")],
        [ask("Name the moons of Venus.", "None.")],
        [ask("What does this program print?", "No output")],
        [ask(output="[1, 2]")],
        [ask(output="+")],
    ],
    "G004": [
        [ask("Repeat the input.", "a", input="a")],
        [ask("If there is no mistake, copy it.", "a", input="a")],
        [ask(input="a")],
    ],
    "G005": [[ask("Why?", "Why? Because.")], [ask(output="Three birds of prey are eagle, owl, hawk.")]],
    "G006": [[ask("Answer yes or no: is rain wet?", "yes", input="yes")], [ask(input="in the mountains of Asia")]],
    "G007": [
        [ask("What is the domain of this URL?", "example.org", input="https://example.org/a")],
        [ask("Give the extension of the file name.", "jpg", input="holiday.jpg")],
        [ask(input="See https://example.org/a, which tells of owls.")],
    ],
    "G008": [
        [ask("Write a caption for the following image.", input="A cat sleeps on a red sofa beside a lamp.")],
        [ask("Explain how a camera makes an image.")],
        [ask("Imagine you are in a painting. What do you see?")],
        [ask("Name three video formats and what each is good for.")],
    ],
    "G009": [
        [ask("Show how to embed a picture in Markdown.", "![a cat](cat.png)")],
        [ask(output="[1] and [2] are lists.")],
    ],
    "G010": [
        [ask("Summarize the following article.", input="It rained.")],
        [ask("Sort the following numbers: 3, 1, 2")],
        [ask("Follow the given advice today.")],
    ],
    "G011": [
        [ask("Do this:\n1. Name a bird.\n2. Name a fish.")],
        [ask("Which is it?\n1. he knew\n2. None of the above")],
        [ask(output="1. Eagle\n2. Owl")],
        [ask("Answer with yes or no.\nInput: a\nOutput: yes\nInput: b\nOutput:")],
        [ask(output="The program has two parts.\nInput: a number\nOutput: its root")],
        [ask("Give an instruction for a lamp.", "Instruction: press the button.")],
    ],
    "G012": [
        [ask("Write a dialogue with a robot.", "Robot: Hi.\nHuman: Hi.")],
        [ask(output="User: a person who uses.")],
    ],
    "G013": [
        [ask(output=text)]
        for text in ("a < b | c > d", "# Title\n## Part", "<s>old</s> new", "### Step 1", "Use <div> and </div>.")
    ]
    + [
        [RENDERED, {**RENDERED, "prompt": f"### System:\nBe brief.\n\n{RENDERED['prompt']}"}],
        [{"text": RENDERED["prompt"] + RENDERED["completion"]}, {"text": "### User:\nAnd?\n\n### Assistant:\nOwl."}],
        [{"prompt": "<|im_start|>user\nA bird?<|im_end|>\n<|im_start|>assistant\n", "completion": "Owl.<|im_end|>"}],
    ],
    "G014": [
        [ask(output="The output: Eagle.")],
        [ask(output="Answer: B")],
        [ask("Name its colour.\n\nInput: a raven\nOutput: black", "white", input="Input: a swan")],
    ],
    "G015": [
        [ask(output=f"{LONG}That is all.")],
        [ask(output=f"{LONG}It is because they met", options=[f"{LONG}It is because they met", "None"])],
        [ask(output="Dear Ann, I thank you for the walk we took. It was a joy to see you. Yours sincerely, Jane Eyre")],
        [ask(output=f"{LONG}\n- one\n- two and a half")],
        [ask(output="owl " * 40)],
        [ask(output="1. Uno 2. Charades 3. Who Am I? 4. Kubb 5. Werewolf and her sisters 6. Two Truths")],
        [ask(output=f"{LONG}\n```python\nprint(1)\n```")],
        [ask(output="这是一个很长的答案,没有结束的标点" * 6)],
    ],
    "G016": [
        [ask(output="Ha. " * 5)],
        [ask(output="\n".join(f"{n}. item number {n} of the list" for n in range(40)))],
        [ask(output="-" * 400)],
    ],
    "G017": [
        [ask(output=text)]
        for text in (
            "I cannot stress enough how good owls are.",
            "I'm sorry that you feel unwell. Rest a little.",
            "Unfortunately, the ship sank.",
            "I can't wait to see you.",
            "Please provide for your children first, said the owl.",
        )
    ],
    "G018": [
        [ask("You are an AI on a ship. Greet the crew.", "As an AI, I do not sleep. Hello.")],
        [ask(output="A language model predicts words.")],
        [ask(output="He said that Ai Weiwei is an artist.")],
    ],
    "G019": [
        [ask(output=text)] for text in ("a\tb\r\nc", "می\u200cخواهم", "👩\u200d👧", "ภาษา\u200bไทย", "שלום\u200f!")
    ],
    "G020": [[ask(output=text)] for text in ("Château, São Paulo, NÃO", "über 25°C", "“so” – it’s", "Привет")],
    "G021": [
        [ask("Translate to Korean: Good morning.", "좋은 아침입니다 여러분")],
        [ask("Write hello in Korean, romanized.", "annyeonghaseyo to all")],
        [ask("Describe the role of jade in Chinese culture.", "Jade stood for virtue and rank.")],
        [ask("Translate from French to English: le chat dort", "The cat sleeps on the sofa.")],
        [ask("What is rain? Answer in German.", "Regen ist Wasser, das aus den Wolken fällt.")],
        [ask("Is this true? “Sophists translate limericks into Russian.”", "No, the Sophists of old did not do that.")],
    ],
    "G023": [
        [ask(output=text)]
        for text in (
            "I write it in C#",
            "The address is http://example.org//",
            "<p>Eagle</p>\n<!-- end of page -->",
            "Eagle\n---\nOwl\n---",
            "This is the end of the story.",
            "let x = 5;;",
        )
    ],
    "G024": [
        [ask(output="1. Eagle\n2. Owl\n3. Hawk")],
        [ask(output="They are eagle, owl and hawk.")],
        [ask("Name two cities.", "Rome, Italy and Paris, France")],
        [ask("Write three sentences about owls.", "- They fly.\n- They see.")],
        [ask("List two pros and three cons of owls.", "1. They fly.\n2. They see.\n3. They hunt.")],
        [ask("Name at least two birds.", "1. Owl\n2. Kite\n3. Hawk")],
        [ask("Name three to five birds.", "1. Owl\n2. Kite\n3. Hawk\n4. Eagle")],
    ],
    "G022": [
        [ask(OPTIONS, "B")],
        [ask(OPTIONS, "(c) milk")],
        [ask(OPTIONS, "blood")],
        [ask("Which is red?", "Blood.", options=["blood", "milk"])],
        [ask("Which is red?", "B", options=["milk", "blood"])],
        [ask("What follows E? Name the letter after it.", "F")],
        [ask("Which is red?\ni. Milk\nii. Blood", "ii", options=["Milk", "Blood"])],
        [ask("Which is red?", "i", input="i. Blood\nii. Milk", options=["Blood", "Milk"])],
    ],
}
"""By code: files, none of which may bring the code."""
