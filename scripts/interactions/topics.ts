/** What people write about: tags of one subject, and phrases in faker's `{{module.method}}` notation. */
export type Topic = { readonly tags: readonly string[]; readonly phrases: readonly string[] };

export const TOPICS: readonly Topic[] = [
  {
    tags: ["football", "matchday", "goals", "derby", "highlights", "transfer"],
    phrases: [
      "What a finish by {{person.lastName}}, the whole stadium in {{location.city}} is standing",
      "Derby day in {{location.city}}: two goals before the break and it is not over",
      "{{person.fullName}} signs for two more years, medical passed this morning",
    ],
  },
  {
    tags: ["music", "newrelease", "livemusic", "festival", "vinyl", "playlist"],
    phrases: [
      "{{music.songName}} live in {{location.city}}, recorded from the third row",
      "New single out tonight, and it owes a lot to {{music.songName}}",
      "Festival line-up for {{location.city}} is out: more {{music.genre}} than ever",
    ],
  },
  {
    tags: ["travel", "citybreak", "hiddenplaces", "wanderlust", "nighttrain", "roadtrip"],
    phrases: [
      "48 hours in {{location.city}}: what we ate, what we skipped, what we would do again",
      "Took the night train to {{location.city}} and it was worth every minute",
      "Three quiet streets in {{location.city}} that no guide book mentions",
    ],
  },
  {
    tags: ["food", "recipe", "streetfood", "baking", "vegan", "dinner"],
    phrases: [
      "Grandmother {{person.lastName}}'s dumplings, with the recipe in the comments",
      "Best street food in {{location.city}} right now, ranked by people who live there",
      'Dinner in 20 minutes with {{number.int({"min": 3, "max": 7})}} ingredients and one pan',
    ],
  },
  {
    tags: ["tech", "programming", "opensource", "databases", "devtools", "ai"],
    phrases: [
      'We moved {{number.int({"min": 2, "max": 90})}} billion rows without downtime, here is how',
      "{{hacker.phrase}} And yes, that is a real ticket",
      "Show and tell: {{person.firstName}} built a profiler in a weekend and it found our worst query",
    ],
  },
  {
    tags: ["gaming", "speedrun", "esports", "indiegame", "patchnotes", "stream"],
    phrases: [
      'World record by {{number.int({"min": 1, "max": 9})}} seconds, the last jump is unreal',
      "Patch notes are out and my main is finally playable again",
      "Finals in {{location.city}} tonight, winner takes the cup",
    ],
  },
  {
    tags: ["fitness", "running", "marathon", "training", "recovery", "yoga"],
    phrases: [
      "{{location.city}} marathon done: went out too fast, learned a lot",
      'Week {{number.int({"min": 2, "max": 16})}} of the training plan and the knees still agree',
      "Ten minutes of mobility a day, what changed after a month",
    ],
  },
  {
    tags: ["film", "series", "review", "trailer", "premiere", "cinema"],
    phrases: [
      "The new trailer gives away nothing and I am still sold",
      "Premiere in {{location.city}}: {{person.fullName}} got ten minutes of applause",
      "Rewatched the first season and the foreshadowing was there all along",
    ],
  },
  {
    tags: ["science", "space", "climate", "research", "astronomy", "nature"],
    phrases: [
      "First image from the new telescope, and yes, every dot is a galaxy",
      "Our paper on river temperatures near {{location.city}} is out, thread below",
      "Aurora seen as far south as {{location.city}} last night",
    ],
  },
  {
    tags: ["career", "hiring", "leadership", "remotework", "startups", "productivity"],
    phrases: [
      "We are hiring in {{location.city}}: small team, big tables, no on-call at night",
      'What I would tell a first-time manager after {{number.int({"min": 3, "max": 20})}} years',
      "{{person.firstName}} turned our longest meeting into one page, and nobody misses it",
    ],
  },
  {
    tags: ["fashion", "streetstyle", "thrift", "sneakers", "outfit", "design"],
    phrases: [
      'Everything in this outfit is second hand, total {{number.int({"min": 12, "max": 80})}} euros',
      "Street style from {{location.city}}: wide coats, flat shoes, good hats",
      "The {{color.human}} sneakers are back and sold out in an hour",
    ],
  },
  {
    tags: ["pets", "dogs", "cats", "rescue", "cute", "adopted"],
    phrases: [
      "{{person.firstName}} waited three years in the shelter and came home today",
      "My cat has opened every door in this flat, send help",
      "First snow for this one, watch to the end",
    ],
  },
];
