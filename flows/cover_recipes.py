"""The recipes that the cover tells: short ones, of the Yemeni kitchen, as a neighbour would tell them.

Nothing in them means anything else.
"""

from collections.abc import Mapping
from typing import Final

from messages import Text, t

RECIPES: Final[Mapping[str, Text]] = {
    "bint_alsahn": t(
        "Bint al-sahn\n"
        "4 cups of flour, 4 eggs, a spoon of yeast, a little salt and lukewarm water: knead it, rest half an hour.\n"
        "Roll out thin, layer in the tray with ghee between the layers, black seed on top.\n"
        "Bake hot for about 20 minutes. Pour honey over it while it is hot."
    ),
    "saltah": t(
        "Saltah\n"
        "Fry an onion with 2 tomatoes, garlic and a potato in cubes; add broth and a little minced meat, 25 minutes.\n"
        "Beat soaked fenugreek until white, with a little lemon and salt.\n"
        "Into the hot stone pot, the fenugreek on top. Eaten boiling, with bread."
    ),
    "fahsah": t(
        "Fahsah\n"
        "Half a kilo of lamb with onion, garlic, cumin and turmeric: boil two hours, until it falls apart.\n"
        "Pound it in the stone pot with its broth until it is threads.\n"
        "Beaten fenugreek on top, and sahawiq beside it."
    ),
    "shafout": t(
        "Shafout\n"
        "2 pieces of lahoh, half a litre of yoghurt, garlic, mint, coriander and a green chilli.\n"
        "Blend the yoghurt with the herbs and salt, pour it over the lahoh, a quarter of an hour in the cold.\n"
        "Tomato, cucumber and pomegranate on top."
    ),
    "asid": t(
        "Asid\n"
        "3 cups of water with salt to the boil; 2 cups of flour bit by bit, stirring until it is firm.\n"
        "Cover it on a low flame for 10 minutes, turn it into a greased bowl and press a hollow into it.\n"
        "Broth and sahawiq in the hollow, or ghee and honey."
    ),
    "mandi": t(
        "Mandi in the oven\n"
        "A chicken rubbed with mandi spice, turmeric, lemon and oil; 3 cups of rice soaked half an hour.\n"
        "The rice with 4 cups of broth, cardamom and bay leaf in the tray, the chicken on a rack above it.\n"
        "Cover it well: 1 hour at 200, then 10 minutes open, for the colour."
    ),
    "sahawiq": t(
        "Sahawiq\n"
        "3 tomatoes, 2 green chillies, 2 cloves of garlic, coriander, salt and a little cumin.\n"
        "Blend or pound it coarse. With white cheese it goes with hot bread."
    ),
    "mulawah": t(
        "Mulawah bread\n"
        "4 cups of wholemeal flour, a spoon of yeast, salt, 2 cups of lukewarm water: knead, rest one hour.\n"
        "Spread each ball by hand, brush it with egg and black seed.\n"
        "Very hot oven or tannour, 8 minutes."
    ),
    "fattah": t(
        "Fattah with honey\n"
        "Break warm bread into small pieces, hot ghee over it, mash it with a spoon.\n"
        "Honey and black seed on top. Ready in 10 minutes, good for breakfast."
    ),
    "zurbian": t(
        "Zurbian from Aden\n"
        "Half a kilo of meat with fried onion, yoghurt, garlic, ginger and zurbian spice, 1 hour on a low flame.\n"
        "Potatoes fried in halves; 3 cups of rice boiled until half done, saffron in a little milk.\n"
        "Layer meat, potatoes and rice; cover it tightly for 25 minutes."
    ),
    "shahi_adeni": t(
        "Tea the Aden way\n"
        "2 cups of water, 3 cardamom pods, 2 cloves, a spoon of tea: boil for 5 minutes.\n"
        "Add 1 cup of evaporated milk and sugar, and boil once more until it has colour."
    ),
}
"""By their code, the one for every day first."""
