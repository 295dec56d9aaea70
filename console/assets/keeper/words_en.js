// 1,024 everyday English words of three to ten letters. No word twice.

export const ENGLISH = (
  "acorn actor album alley almond amber anchor angle animal ankle answer apple apricot apron arch arena arm " +
  "armchair arrow artist ash atlas attic autumn avocado award axle bag baker balcony ball balloon bamboo banana " +
  "band banjo bank banner barley barn barrel basin basket bath bay beach bead beaker beam bean bear beaver bed bee " +
  "beet beetle bell belt bench berry bicycle bird biscuit bison blanket blossom blouse blue board boat bolt book " +
  "boot border bottle boulder bow bowl box bracelet brain branch brass bread breeze brick bridge broom brother " +
  "brown brush bucket bud buffalo bulb bus bush butter button cabin cabbage cactus cake calendar camel camera camp " +
  "canal candle canoe canvas cape car caravan card cargo carpet carrot cart castle cat cave cedar ceiling celery " +
  "cello cement cereal chain chair chalk cheese cherry chess chicken chimney chin chorus cinema cinnamon circle " +
  "city clay clerk cliff clock cloth cloud clover clown coach coast coat cobweb cocoa coconut coffee coin collar " +
  "colour comb comet compass concert cookie copper coral corn corner cotton couch cousin cow crab cradle crane " +
  "crayon cream creek crow crown crystal cube cucumber cup curry curtain curve cushion cycle cymbal daisy dance " +
  "date daughter dawn day deer desert desk diamond dish doctor dog doll dolphin donkey door dough dove dragon " +
  "drawer dream dress drum duck dune dust eagle ear earth east easel echo egg elbow elephant elm emerald engine " +
  "eraser evening eye fabric falcon family farm feather fence fern ferry festival field fig film finger fir fire " +
  "fish flag flame flask flock floor flour flower flute fog folder forest fork fountain fox frame friend frog frost " +
  "fruit funnel galaxy gallery game garage garden garlic gate gazelle gecko ginger giraffe glacier glass globe " +
  "glove glue goat gold goose grain grape grass gravel green grey guava guest guitar gull hair hall hammer hammock " +
  "hand harbour hare harp harvest hat hawk hazel heart hedge helmet hen herb heron hill hinge hippo hive holiday " +
  "honey hook horn horse hotel hour house ice icicle idea ink iris iron island ivory ivy jacket jam jar jasmine " +
  "jelly jewel jigsaw joke journey jug juice jungle kettle key kiosk kitchen kite kitten knee knob knot koala lace " +
  "ladder ladle lake lamb lamp lantern lark laundry lavender lawn leaf leather lemon lentil leopard letter lettuce " +
  "library lid light lilac lily lime linen lion lip lizard llama lobster loom lotus lunch lynx magnet magpie mango " +
  "map maple marble market mask mast match meadow meal melody melon meteor metal midday milk mill mint mirror mist " +
  "mitten money monkey month moon morning moss moth mother motor mountain mouse mouth mud muffin mug mushroom music " +
  "mustard nail napkin necklace needle neighbour nephew nest net night noodle noon north nose notebook number nurse " +
  "nut nutmeg oak oar oasis oat ocean octopus office olive onion opal opera orange orbit orchard orchid ostrich " +
  "otter oven owl oyster paddle page paint palace palm pan panda paper parade parcel park parrot parsley pasta path " +
  "pea peach peacock peanut pear pearl pebble pelican pen pencil penguin pepper petal piano pickle picture pie " +
  "pigeon pillow pilot pine pineapple pink pipe pistachio pizza plain planet plank plant plate plaza plum pocket " +
  "poem poet pole pond pony pool poppy porch port postcard pot potato powder prism puddle pulley pump pumpkin " +
  "puppet purple purse puzzle pyramid quail quartz queen quilt quince rabbit radio radish raft rail rain rainbow " +
  "raisin ramp raven red reed reef ribbon rice ridge ring river road robin rock rocket roof room root rope rose " +
  "rosemary ruby rudder rug ruler saddle saffron sail salad salmon salt sand sandal satin sauce saucer scale scarf " +
  "school scissors screen screw sea seagull seal season seat seed sesame shadow shark shawl sheep shelf shell ship " +
  "shirt shoe shop shore shoulder shovel shower shrimp sign silk silver singer sink sister sketch ski skirt sky " +
  "sled sleeve slipper smile smoke snail snow soap sock sofa soil song soup south space spade sparrow spice spider " +
  "spinach spiral spoon spring sprout square squash squid squirrel stable stage stair stamp star statue steam steel " +
  "stem step stew stone stool stork storm story stove straw stream street string student sugar suitcase summer sun " +
  "sunset swallow swan sweater swing table tail tailor tank tap tape tart taxi tea teacher team teapot tent theatre " +
  "thimble thread throne thunder thyme ticket tiger tile timber tin toast toe tomato tongue tool tooth torch " +
  "tortoise towel tower town toy tractor trail train tram tray tree triangle trolley trout truck trumpet trunk " +
  "tulip tunnel turban turkey turnip turtle twig umbrella uncle valley van vanilla vase velvet village vine vinegar " +
  "violet violin voice volcano wagon wall wallet walnut walrus water wave wax weather week well west whale wheat " +
  "wheel whistle white willow wind window wing winter wolf wood wool word world wren wrist yacht yard yarn year " +
  "yellow yoghurt zebra zinc zipper agate aloe antler anvil badger bagel ballad bazaar beret birch bonnet bouquet " +
  "buckle bugle cabinet canyon caramel cashew chestnut chive cider citrus clarinet clasp cloak coaster crater " +
  "cricket crochet cupboard custard cypress dahlia daffodil dial domino drizzle eggplant ember falafel fiddle finch " +
  "flannel flamingo flint foam fudge gadget geyser goblet gong granite grater griddle grove hamper harness hatch " +
  "haystack headband heather hexagon hoop hummus inkwell jaguar kayak kernel kiwi knapsack ladybird lagoon lasso " +
  "latch lattice lemur lever locket lute lyre mandarin mantle marigold marsh mattress medal mosaic mural nectar " +
  "oboe omelette origami paprika parasol pastel pastry patio pecan pendant peony pigment pillar pinwheel platter " +
  "plume pomelo popcorn porcelain prairie propeller quiver raccoon radiator ravine relay rhubarb ripple rowboat " +
  "sapphire sardine satchel scallop scooter seesaw shutter sieve skillet skylark slate sleigh snowflake sparkle " +
  "spindle sponge spruce stapler starfish stencil sundial syrup tambourine tapestry teacup telescope terrace " +
  "thistle toffee topaz trellis trinket tripod turquoise tweed ukulele valve veranda waffle wardrobe waterfall " +
  "whisk wicker windmill woodland wreath xylophone zither badge baton beacon biology bubble bumper burrow cable " +
  "candy canteen carol carton chapel chapter charcoal chariot cinder clinic clove cocoon cottage cracker dairy " +
  "darts decade dentist diary digit dimple doorway elder emblem estuary fairy fennel fiction flyer fossil gallon " +
  "gravy gutter habit hallway hiking igloo insect jersey kennel lemonade locust luggage mailbox mammoth mascot " +
  "meter minute monsoon notepad nougat oatmeal outdoor pancake"
);
