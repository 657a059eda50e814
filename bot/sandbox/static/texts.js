// The page's own words in its three languages.
const TEXTS = {
  en: {
    chats: "Chats", settings: "Settings", offline: "Connecting…", choose: "Choose a chat to begin", back: "Back", more: "More",
    note: "A local Telegram. Nothing leaves this computer; all chats are forgotten when it stops.", messages: "Messages", toEnd: "To the newest message",
    suggestions: "Suggestions", cancel: "Cancel", message: "Message", broadcast: "Broadcast a message", send: "Send", ok: "OK", menu: "Menu", commands: "Commands",
    start: "Start", unblock: "Unblock bot", about: "What can this bot do?", bot: "bot", typing: "typing", you: "You", deleted: "Deleted message",
    members: (n) => `${n} members`, subscribers: (n) => `${n} subscribers`, general: "General", topicOf: (t) => `Topic in ${t}`,
    user: "Write as", language: "Language", theme: "Theme", auto: "Auto", light: "Light", dark: "Dark", privacy: "Privacy mode", on: "On", off: "Off",
    reply: "Reply", edit: "Edit", remove: "Delete", replyTo: (n) => `Reply to ${n}`, editing: "Edit message", edited: "edited", via: "via", forwarded: "Forwarded from",
    more_: "Show more", less: "Show less", copy: "Copy", copied: "Copied", spoiler: "Hidden text, press to show", admin: "admin", pinned: "Pinned message", photo: "Photo",
    searching: "The bot is looking…", noResults: "No results", today: "Today", yesterday: "Yesterday", readOnly: "Only admins can post here", unread: (n) => `${n} unread`,
    block: "Block bot", addBot: "Add the bot", removeBot: "Remove the bot", promote: "Make the bot admin", demote: "Make the bot a plain member", migrate: "Upgrade to supergroup",
    newTopic: "New topic", closeTopic: "Close topic", openTopic: "Reopen topic", topicName: "Name of the topic", joined: (a, b) => `${a} added ${b}`, left: (a, b) => `${a} removed ${b}`,
    topicCreated: (a) => `The topic “${a}” was created`, topicClosed: "The topic was closed", topicOpened: "The topic was reopened", migrated: "The group was upgraded to a supergroup",
    closed: "This topic is closed", failed: "That did not work", noMessages: "No messages yet", guest: (n) => `for ${n}`,
  },
  "zh-hans": {
    chats: "聊天", settings: "设置", offline: "连接中…", choose: "选择一个聊天开始", back: "返回", more: "更多",
    note: "本机上的 Telegram。数据不会离开这台电脑，停止后所有聊天都会清空。", messages: "消息", toEnd: "回到最新消息",
    suggestions: "建议", cancel: "取消", message: "输入消息", broadcast: "发布消息", send: "发送", ok: "好", menu: "菜单", commands: "命令",
    start: "开始", unblock: "解除屏蔽", about: "这个机器人能做什么？", bot: "机器人", typing: "正在输入", you: "你", deleted: "已删除的消息",
    members: (n) => `${n} 位成员`, subscribers: (n) => `${n} 位订阅者`, general: "综合", topicOf: (t) => `${t} 的话题`,
    user: "发言身份", language: "语言", theme: "主题", auto: "自动", light: "浅色", dark: "深色", privacy: "隐私模式", on: "开", off: "关",
    reply: "回复", edit: "编辑", remove: "删除", replyTo: (n) => `回复 ${n}`, editing: "编辑消息", edited: "已编辑", via: "来自", forwarded: "转发自",
    more_: "展开", less: "收起", copy: "复制", copied: "已复制", spoiler: "隐藏文字，按下显示", admin: "管理员", pinned: "置顶消息", photo: "图片",
    searching: "机器人正在查找…", noResults: "没有结果", today: "今天", yesterday: "昨天", readOnly: "只有管理员可以发言", unread: (n) => `${n} 条未读`,
    block: "屏蔽机器人", addBot: "添加机器人", removeBot: "移除机器人", promote: "设机器人为管理员", demote: "取消机器人的管理员", migrate: "升级为超级群组",
    newTopic: "新建话题", closeTopic: "关闭话题", openTopic: "重新打开话题", topicName: "话题名称", joined: (a, b) => `${a} 添加了 ${b}`, left: (a, b) => `${a} 移除了 ${b}`,
    topicCreated: (a) => `话题“${a}”已创建`, topicClosed: "话题已关闭", topicOpened: "话题已重新打开", migrated: "群组已升级为超级群组",
    closed: "该话题已关闭", failed: "操作没有成功", noMessages: "还没有消息", guest: (n) => `应 ${n} 之邀`,
  },
  "zh-hant": {
    chats: "聊天", settings: "設定", offline: "連線中…", choose: "選擇一個聊天開始", back: "返回", more: "更多",
    note: "本機上的 Telegram。資料不會離開這台電腦，停止後所有聊天都會清空。", messages: "訊息", toEnd: "回到最新訊息",
    suggestions: "建議", cancel: "取消", message: "輸入訊息", broadcast: "發布訊息", send: "傳送", ok: "好", menu: "選單", commands: "指令",
    start: "開始", unblock: "解除封鎖", about: "這個機器人能做什麼？", bot: "機器人", typing: "正在輸入", you: "你", deleted: "已刪除的訊息",
    members: (n) => `${n} 位成員`, subscribers: (n) => `${n} 位訂閱者`, general: "綜合", topicOf: (t) => `${t} 的話題`,
    user: "發言身分", language: "語言", theme: "主題", auto: "自動", light: "淺色", dark: "深色", privacy: "隱私模式", on: "開", off: "關",
    reply: "回覆", edit: "編輯", remove: "刪除", replyTo: (n) => `回覆 ${n}`, editing: "編輯訊息", edited: "已編輯", via: "來自", forwarded: "轉寄自",
    more_: "展開", less: "收起", copy: "複製", copied: "已複製", spoiler: "隱藏文字，按下顯示", admin: "管理員", pinned: "置頂訊息", photo: "圖片",
    searching: "機器人正在尋找…", noResults: "沒有結果", today: "今天", yesterday: "昨天", readOnly: "只有管理員可以發言", unread: (n) => `${n} 則未讀`,
    block: "封鎖機器人", addBot: "加入機器人", removeBot: "移除機器人", promote: "設機器人為管理員", demote: "取消機器人的管理員", migrate: "升級為超級群組",
    newTopic: "新增話題", closeTopic: "關閉話題", openTopic: "重新開啟話題", topicName: "話題名稱", joined: (a, b) => `${a} 加入了 ${b}`, left: (a, b) => `${a} 移除了 ${b}`,
    topicCreated: (a) => `話題「${a}」已建立`, topicClosed: "話題已關閉", topicOpened: "話題已重新開啟", migrated: "群組已升級為超級群組",
    closed: "該話題已關閉", failed: "操作沒有成功", noMessages: "還沒有訊息", guest: (n) => `應 ${n} 之邀`,
  },
};
export const LANGUAGES = { en: "English", "zh-hans": "简体中文", "zh-hant": "繁體中文" };
const TAGS = { en: "en", "zh-hans": "zh-Hans", "zh-hant": "zh-Hant" };
let current = "en";

export function setLanguage(code) {
  current = code in TEXTS ? code : code?.startsWith("zh") ? "zh-hans" : "en";
  document.documentElement.lang = TAGS[current];
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = t(element.dataset.text);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", t(element.dataset.label));
  for (const element of document.querySelectorAll("button[data-label]")) element.title = t(element.dataset.label);
}
export function t(key, ...values) {
  const text = TEXTS[current][key];
  return typeof text === "function" ? text(...values) : text;
}
export const language = () => current;
export const languageTag = () => TAGS[current];
// Chinese text gets its own lang, so that the right fonts and voices are used whatever the page's language is.
const TRADITIONAL = /[這個們來時會說國為與麼萬億試點額資產業開發綠機構環區訊問題幾]/;
const SIMPLIFIED = /[这个们来时会说国为与么万亿试点额资产业开发绿机构环区讯问题几]/;
export function tagOf(text) {
  if (!/\p{Script=Han}/u.test(text ?? "")) return /[A-Za-z]/.test(text ?? "") && current !== "en" ? "en" : "";
  if (TRADITIONAL.test(text) !== SIMPLIFIED.test(text)) return TRADITIONAL.test(text) ? "zh-Hant" : "zh-Hans";
  return current === "zh-hant" ? "zh-Hant" : "zh-Hans";
}
